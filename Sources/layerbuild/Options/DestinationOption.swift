import Builder
import OCI
import SystemPackage

/// Where an image goes, as typed: a name, or a transport and what it needs (containers-transports(5)).
enum DestinationOption {
    static func destination(
        _ text: String, in surroundings: Surroundings
    ) throws(Failure) -> ImageCopier.Destination {
        for prefix in ["docker://", "docker-image://"] {
            if let rest = text.removing(prefix: prefix) { return .registry(try Reference(typed: rest)) }
        }
        try SourceOption.refuseForeignTransport(text)
        if let (path, _) = try place(text, "dir:", surroundings, parts: 1) { return .directory(path) }
        if let (path, _) = try place(text, "rootfs:", surroundings, parts: 1) {
            let isFolder = text.hasSuffix("/") || PathKind(path) == .folder
            return isFolder ? .rootfsFolder(path) : .rootfsArchive(path)
        }
        for prefix in ["oci:", "oci-layout://"] {
            if let (path, name) = try place(text, prefix, surroundings) {
                return .ociFolder(path, try layoutName(name, path))
            }
        }
        if let (path, name) = try place(text, "oci-archive:", surroundings) {
            return .ociArchive(path, try layoutName(name, path))
        }
        if let (path, name) = try place(text, "docker-archive:", surroundings) {
            return .dockerArchive(path, try name.map { text throws(Failure) in try Reference(typed: text) })
        }
        guard !text.hasSuffix(".tar") else {
            throw .usage(
                "`\(text)` would be a name in the store, and looks like a file's",
                hint: "write `oci-archive:\(text)` or `docker-archive:\(text)`")
        }
        guard !text.contains("/") || Reference(text) != nil else { throw .usage("`\(text)` is no place for an image") }
        return .name(try Reference(typed: text))
    }

    /// The path behind a transport, and a name behind the first colon of it if it has two parts; `nil` if the text has
    /// another transport.
    private static func place(
        _ text: String, _ prefix: String, _ surroundings: Surroundings, parts: Int = 2
    ) throws(Failure) -> (path: FilePath, name: String?)? {
        guard let rest = text.removing(prefix: prefix) else { return nil }
        let (path, name) = parts == 1 ? (rest, nil) : rest.cut(at: ":")
        guard !path.isEmpty else { throw .usage("the destination has no path after `\(prefix)`") }
        return (surroundings.absolute(path), name.flatMap { $0.isEmpty ? nil : $0 })
    }

    private static func layoutName(_ text: String?, _ place: FilePath) throws(Failure) -> LayoutName? {
        guard let text else { return nil }
        guard let name = LayoutName(typed: text, at: place) else { throw .usage("`\(text)` is no name of an image") }
        return name
    }
}
