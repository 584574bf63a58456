import Builder
import Frontend
import OCI

/// One `--annotation` as typed: `[TYPE[PLATFORM],…:]NAME=VALUE`. Without a type it is the manifest's.
struct AnnotationOption {
    private static let types = ["manifest", "manifest-descriptor", "index", "index-descriptor"]

    private let name: String
    private let value: String
    /// The types with the platforms that they hold for; `nil` is all.
    private var places: [(type: String, platform: Platform?)] = []

    init(_ text: String) throws(Failure) {
        let (typed, value) = try BuildOptions.pair(text, of: "--annotation")
        guard let value else {
            throw .usage("`--annotation \(text)` has no value", hint: "write `--annotation name=value`")
        }
        self.value = value
        guard case (let types, let name?) = typed.cut(at: ":") else {
            name = typed
            places = [("manifest", nil)]
            return
        }
        guard !name.isEmpty else { throw .usage("`--annotation \(text)` has no name") }
        self.name = name
        for place in types.parts(between: ",") { places.append(try Self.place(place)) }
    }

    private static func place(_ text: String) throws(Failure) -> (type: String, platform: Platform?) {
        let type = text.cut(at: "[").before
        guard types.contains(type) else { throw .choice("--annotation", type, types) }
        guard type != text else { return (type, nil) }
        guard !type.hasPrefix("index") else {
            throw .usage("`--annotation \(text):` has a platform, and an index is over all of them")
        }
        guard text.hasSuffix("]") else { throw .usage("`\(text)` in `--annotation` has a bracket without its partner") }
        return (type, try Platform(typed: String(text.dropFirst(type.count + 1).dropLast())))
    }

    /// Adds the annotation to what is asked for.
    func add(to request: inout BuildRequest) throws(Failure) {
        for place in places {
            if place.type.hasPrefix("index") {
                try addToIndex(place.type, of: &request)
                continue
            }
            for platform in request.platforms where place.platform ?? platform == platform {
                var annotations = request.annotations[platform] ?? ImageAnnotations()
                if place.type == "manifest" {
                    annotations.document[name] = value
                } else {
                    annotations.descriptor[name] = value
                }
                request.annotations[platform] = annotations
            }
        }
    }

    private func addToIndex(_ type: String, of request: inout BuildRequest) throws(Failure) {
        guard request.platforms.count > 1 else {
            throw .usage(
                "`--annotation \(type):` has nothing to stand on: an image for one platform has no index of its own",
                hint: "write `manifest-descriptor:` for the entry in the layout's index")
        }
        if type == "index" {
            request.indexAnnotations.document[name] = value
        } else {
            request.indexAnnotations.descriptor[name] = value
        }
    }
}
