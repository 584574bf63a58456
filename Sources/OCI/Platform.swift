/// The machine an image is for: `os/architecture[/variant]`.
package struct Platform: Hashable, Sendable, CustomStringConvertible {
    package var os: String
    package var architecture: String
    package var variant: String?
    /// Of Windows images.
    package var osVersion: String?

    package init(os: String, architecture: String, variant: String? = nil, osVersion: String? = nil) {
        self.os = os
        self.architecture = architecture
        self.variant = variant
        self.osVersion = osVersion
    }

    /// Reads `linux/arm64/v8`, `linux/amd64` or an architecture alone; common synonyms are brought to Go's names.
    package init?(_ text: String) {
        let parts = text.lowercased().split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        guard !text.isEmpty, parts.count <= 3, parts.allSatisfy(Self.isWord) else { return nil }
        if parts.count > 1 {
            self.init(os: parts[0], architecture: parts[1], variant: parts.count == 3 ? parts[2] : nil)
        } else if Self.systems.contains(parts[0]) {
            self.init(os: parts[0], architecture: Platform.host.architecture, variant: Platform.host.variant)
        } else {
            self.init(os: "linux", architecture: parts[0])
        }
        normalise()
        // One word alone must be known: it could be either.
        if parts.count == 1, !Self.systems.contains(parts[0]), !Self.architectures.contains(architecture) { return nil }
    }

    private static let systems: Set<String> = [
        "aix", "android", "darwin", "dragonfly", "freebsd", "hurd", "illumos", "ios", "js", "linux", "macos", "nacl",
        "netbsd", "openbsd", "plan9", "solaris", "wasi", "windows", "zos",
    ]

    private static let architectures: Set<String> = [
        "386", "amd64", "amd64p32", "arm", "arm64", "arm64be", "armbe", "loong64", "mips", "mips64", "mips64le",
        "mips64p32", "mips64p32le", "mipsle", "ppc", "ppc64", "ppc64le", "riscv", "riscv64", "s390", "s390x", "sparc",
        "sparc64", "wasm",
    ]

    private static func isWord(_ text: String) -> Bool {
        !text.isEmpty
            && text.utf8.allSatisfy { byte in
                (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
                    || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || "_.-".utf8.contains(byte)
            }
    }

    private mutating func normalise() {
        if os == "macos" { os = "darwin" }
        switch (architecture, variant) {
        case ("x86_64", _), ("x86-64", _): architecture = "amd64"
        case ("i386", _), ("i486", _), ("i586", _), ("i686", _): architecture = "386"
        case ("aarch64", _): architecture = "arm64"
        case ("armhf", _): (architecture, variant) = ("arm", "v7")
        case ("armel", _): (architecture, variant) = ("arm", "v6")
        default: break
        }
        if architecture == "arm64" {
            if ["8", "v8", "v8.0"].contains(variant) { variant = nil }
            if ["9", "9.0", "v9.0"].contains(variant) { variant = "v9" }
        }
        if architecture == "amd64", variant == "v1" { variant = nil }
        if architecture == "arm" {
            let number = variant ?? "7"
            variant = ["5", "6", "7", "8"].contains(number) ? "v\(number)" : number
        }
    }

    /// The platform of this program.
    package static var host: Platform {
        #if arch(arm64)
            Platform(os: "linux", architecture: "arm64")
        #elseif arch(arm)
            Platform(os: "linux", architecture: "arm", variant: "v7")
        #else
            Platform(os: "linux", architecture: "amd64")
        #endif
    }

    package var description: String { ([os, architecture] + (variant.map { [$0] } ?? [])).joined(separator: "/") }

    /// True if an image for `other` runs on this platform: same system and architecture, and no other variant.
    package func accepts(_ other: Platform) -> Bool {
        var (mine, theirs) = (self, other)
        mine.normalise()
        theirs.normalise()
        guard mine.os == theirs.os, mine.architecture == theirs.architecture else { return false }
        return mine.variant == theirs.variant
            || mine.architecture != "arm" && (mine.variant == nil || theirs.variant == nil)
    }

    init(json object: JSONObject) throws(OCIError) {
        let document = "platform"
        os = try object.required("os", in: document, \.string)
        architecture = try object.required("architecture", in: document, \.string)
        variant = try object.optional("variant", in: document, \.string)
        osVersion = try object.optional("os.version", in: document, \.string)
    }

    var json: JSONObject {
        var object = JSONObject([("architecture", .string(architecture)), ("os", .string(os))])
        if let osVersion { object["os.version"] = .string(osVersion) }
        if let variant { object["variant"] = .string(variant) }
        return object
    }
}
