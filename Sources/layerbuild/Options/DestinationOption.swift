import Builder
import OCI
import SystemPackage

/// Where an image goes, as typed: a name, or a transport and what it needs.
enum DestinationOption {
    static func destination(
        _ text: String, in surroundings: Surroundings
    ) throws(Failure) -> ImageCopier.Destination {
        let places: [(prefix: String, make: (FilePath, Reference?) -> ImageCopier.Destination)] = [
            ("oci:", { .ociFolder($0, $1) }), ("oci-archive:", { .ociArchive($0, $1) }),
            ("docker-archive:", { .dockerArchive($0, $1) }), ("dir:", { path, _ in .directory(path) }),
        ]
        for place in places where text.hasPrefix(place.prefix) {
            let rest = text.dropFirst(place.prefix.count)
            let path = rest.prefix { $0 != ":" }
            guard !path.isEmpty else { throw .usage("the destination has no path after `\(place.prefix)`") }
            let file = surroundings.absolute(String(path))
            return place.make(file, try name(rest.dropFirst(path.count + 1), in: file))
        }
        for prefix in ["docker://", "docker-image://"] where text.hasPrefix(prefix) {
            return .registry(try Reference(typed: String(text.dropFirst(prefix.count))))
        }
        guard !text.contains("/") || Reference(text) != nil else { throw .usage("`\(text)` is no place for an image") }
        return .name(try Reference(typed: text))
    }
    /// The name behind a path; `nil` if there is none. A word alone is a tag, as skopeo has it: where it is read again, the
    /// place's own name stands before it.
    private static func name(_ text: Substring, in place: FilePath) throws(Failure) -> Reference? {
        guard !text.isEmpty else { return nil }
        let stem = place.lastComponent?.string.prefix { $0 != "." }.lowercased() ?? ""
        if !text.contains(where: { ":/@".contains($0) }), let tagged = Reference("\(stem):\(text)") { return tagged }
        return try Reference(typed: String(text))
    }
}
