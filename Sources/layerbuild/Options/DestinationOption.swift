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
            let name = rest.dropFirst(path.count + 1)
            return place.make(
                surroundings.absolute(String(path)), name.isEmpty ? nil : try Reference(typed: String(name)))
        }
        for prefix in ["docker://", "docker-image://"] where text.hasPrefix(prefix) {
            return .registry(try Reference(typed: String(text.dropFirst(prefix.count))))
        }
        guard !text.contains("/") || Reference(text) != nil else { throw .usage("`\(text)` is no place for an image") }
        return .name(try Reference(typed: text))
    }
}
