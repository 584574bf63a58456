import Linux
import SystemPackage

/// `hostname`, `hosts` and `resolv.conf`, as every step of a build sees them.
///
/// They are written once per build into a folder of the store's and bound over the step's own, read-only.
struct NetworkFiles: Sendable {
    static let hostname = "buildkitsandbox"

    let folder: FilePath

    /// The files with the places in the step where they appear.
    var places: [(file: FilePath, target: String)] {
        [
            (folder.appending("hostname"), "/etc/hostname"), (folder.appending("hosts"), "/etc/hosts"),
            (folder.appending("resolv.conf"), "/etc/resolv.conf"),
        ]
    }

    /// Writes the files into an empty folder.
    init(in folder: FilePath, extraHosts: [BuildRequest.ExtraHost]) throws(SyscallError) {
        self.folder = folder
        let opened = try Folder(opening: folder)
        try Self.write("\(Self.hostname)\n", as: "hostname", in: opened)
        try Self.write(Self.hosts(extraHosts), as: "hosts", in: opened)
        try Self.write(Self.resolvers(), as: "resolv.conf", in: opened)
    }

    private static func write(_ text: String, as name: FilePath, in folder: borrowing Folder) throws(SyscallError) {
        let file = try folder.createFile(name)
        try file.write(Array(text.utf8))
        try file.setMode(0o644)
    }

    static func hosts(_ extra: [BuildRequest.ExtraHost]) -> String {
        let standard = """
            127.0.0.1\tlocalhost \(hostname)
            ::1\tlocalhost ip6-localhost ip6-loopback
            fe00::0\tip6-localnet
            ff00::0\tip6-mcastprefix
            ff02::1\tip6-allnodes
            ff02::2\tip6-allrouters

            """
        return standard + extra.map { "\($0.address)\t\($0.name)\n" }.joined()
    }

    /// The host's resolvers. A stub on loopback is of no use with another network, so systemd's real list goes first.
    private static func resolvers() throws(SyscallError) -> String {
        let paths: [FilePath] = ["/etc/resolv.conf", "/run/systemd/resolve/resolv.conf"]
        var texts: [String] = []
        for path in paths {
            do {
                texts.append(String(decoding: try File(opening: path).readAll(limit: 1 << 20), as: UTF8.self))
            } catch  where error.errno == .noSuchFileOrDirectory {
                continue
            }
        }
        let real = texts.first { text in !servers(text).isEmpty && servers(text) != ["127.0.0.53"] }
        return real ?? texts.first ?? ""
    }

    private static func servers(_ text: String) -> [String] {
        text.split(separator: "\n").compactMap { line in
            let words = line.split(whereSeparator: \.isWhitespace)
            return words.count > 1 && words[0] == "nameserver" ? String(words[1]) : nil
        }
    }
}
