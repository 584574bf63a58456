import Builder
import Frontend
import OCI
import SystemPackage

/// Where an image is read from, as typed: a path, or a transport and what it needs.
enum SourceOption {
    /// The transports, with what they read. The longest come first.
    private static let transports: [(prefix: String, make: @Sendable (String, Surroundings) -> ImageSource)] = [
        ("docker-image://", { name, _ in .name(name) }),
        ("docker://", { name, _ in Reference(name).map(ImageSource.registry) ?? .name(name) }),
        ("oci-layout://", { text, place in layout(text, place, separator: "@") }),
        ("oci-archive:", { text, place in archive(text, place, ImageSource.ociArchive) }),
        ("docker-archive:", { text, place in archive(text, place, ImageSource.dockerArchive) }),
        ("oci:", { text, place in layout(text, place, separator: nil) }),
        ("dir:", { text, place in .directory(place.absolute(text)) }),
        ("rootfs:", { text, place in .rootfs(place.absolute(text)) }),
    ]

    /// True for a text that says by its beginning how to read it.
    static func hasTransport(_ text: String) -> Bool { transports.contains { text.removing(prefix: $0.prefix) != nil } }

    /// The source that a text means. `flag` is what to call it in an error.
    static func source(_ text: String, of flag: String, in surroundings: Surroundings) throws(Failure) -> ImageSource {
        for transport in transports {
            guard let rest = text.removing(prefix: transport.prefix) else { continue }
            guard !rest.isEmpty else { throw .usage("\(flag) has nothing after `\(transport.prefix)`") }
            let source = transport.make(rest, surroundings)
            if let path = path(of: source), PathKind(path) == nil {
                throw Failure(.rejectedInput, "no-source", "there is no `\(path)`")
            }
            return source
        }
        guard !text.isEmpty else { throw .usage("\(flag) is empty") }
        try refuseForeignTransport(text)
        if text == "-" { return .path("/dev/stdin") }
        if let scheme = text.utf8.firstRange(of: "://".utf8).map({ text[..<$0.lowerBound] }),
            PathKind(surroundings.absolute(text)) == nil
        {
            throw .usage(
                "\(flag) cannot be read over `\(scheme)`",
                hint: "fetch it first, and name the file or folder")
        }
        return .path(surroundings.absolute(text))
    }

    /// The file or folder behind a transport; `nil` for what is elsewhere.
    private static func path(of source: ImageSource) -> FilePath? {
        switch source {
        case .path(let path), .ociFolder(let path, _), .ociArchive(let path, _), .dockerArchive(let path, _),
            .directory(let path), .rootfs(let path):
            path
        case .name, .registry: nil
        }
    }

    /// Places that other tools know and that only their owners can read and write.
    static func refuseForeignTransport(_ text: String) throws(Failure) {
        let owners = [("docker-daemon:", "docker"), ("containers-storage:", "podman")]
        for (prefix, owner) in owners where text.hasPrefix(prefix) {
            throw .usage(
                "`\(prefix)` is \(owner)'s own store, which nobody else reads or writes",
                hint: "`\(owner) save` and `\(owner) load` make and take archives")
        }
    }

    /// `PATH[:REFERENCE]`, and with a separator also `PATH[@DIGEST]`.
    private static func layout(_ text: String, _ place: Surroundings, separator: Unicode.Scalar?) -> ImageSource {
        if let separator, let at = text.unicodeScalars.lastIndex(of: separator) {
            // `PATH:TAG@DIGEST` means the digest; the tag is for people.
            let (path, _) = split(String(text[..<at]), place)
            return .ociFolder(path, reference: String(text[text.unicodeScalars.index(after: at)...]))
        }
        let (path, reference) = split(text, place)
        return .ociFolder(path, reference: reference)
    }

    private static func archive(
        _ text: String, _ place: Surroundings, _ make: (FilePath, String?) -> ImageSource
    ) -> ImageSource {
        let (path, reference) = split(text, place)
        return make(path, reference)
    }

    /// The path ends at the first colon, unless there is a file whose name has the colon in it.
    private static func split(_ text: String, _ place: Surroundings) -> (FilePath, String?) {
        let whole = place.absolute(text)
        guard PathKind(whole) == nil, case (let path, let reference?) = text.cut(at: ":") else { return (whole, nil) }
        return (place.absolute(path), reference.isEmpty ? nil : reference)
    }
}
