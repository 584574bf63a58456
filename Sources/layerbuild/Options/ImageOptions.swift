import ArgumentParser
import Builder
import Frontend
import OCI
import Store

/// The store and the machine that a command finds images by.
struct ImageOptions: ParsableArguments {
    @Option(help: ArgumentHelp("the machine the image is for", valueName: "os/architecture"))
    var platform: String?

    @OptionGroup var store: StoreOptions

    func open(in surroundings: Surroundings) throws(Failure) -> ImageView {
        let platform = try platform.map { text throws(Failure) in try Platform(typed: text) } ?? .host
        let store = try store.open(in: surroundings)
        return ImageView(
            store: store, inspector: ImageInspector(store: store, platform: platform, threads: surroundings.processors),
            surroundings: surroundings)
    }
}

/// Images as a command is told of them.
struct ImageView {
    let store: Store
    let inspector: ImageInspector
    let surroundings: Surroundings

    /// What a text means: a name or a digest that the store knows, else a path, or what has a transport before it.
    func image(_ text: String) throws -> InspectedImage {
        guard !SourceOption.hasTransport(text) else { return try read(text) }
        if let found = try inspector.find(text) { return found }
        guard PathKind(surroundings.absolute(text)) == nil else { return try read(text) }
        throw try Self.unknown(text, in: store)
    }

    private func read(_ text: String) throws -> InspectedImage {
        try inspector.read(try SourceOption.source(text, of: "the image", in: surroundings), name: text)
    }

    /// The store knows no image by that name.
    static func unknown(_ text: String, in store: Store) throws -> Failure {
        let known = try store.names.list().map(\.name.familiar)
        let near = closest(to: text, in: known) ?? closest(to: "\(text):latest", in: known)
        return Failure(
            .rejectedInput, "no-image", "the store has no image `\(text)`",
            hint: near.map { "did you mean `\($0)`?" } ?? "`layerbuild images` lists what there is")
    }
}
