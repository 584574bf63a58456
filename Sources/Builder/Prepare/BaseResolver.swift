package import Frontend
import OCI
package import Store

/// Finds the images that a recipe starts from or copies from.
///
/// A name given with `--build-context` comes first, then the store. Nothing is guessed: a name that is nowhere is an
/// error of the recipe, which says what would have to be done.
package struct BaseResolver: Sendable {
    private let store: Store
    private let contexts: [String: ImageSource]
    private let threads: Int

    package init(store: Store, contexts: [String: ImageSource], threads: Int) {
        self.store = store
        self.contexts = contexts
        self.threads = threads
    }

    /// The image that a requirement means.
    ///
    /// Throws a `Diagnostic` at the requirement's place if there is none; an ``ImageError`` if there is one that
    ///   cannot be taken.
    package func resolve(_ requirement: BaseRequirement) throws -> BaseImage {
        if let source = context(named: requirement.name) {
            let importer = ImageImporter(store: store, platform: requirement.platform, threads: threads)
            return try importer.read(source, extent: .chosenPlatform).base.named(requirement.name)
        }
        guard let name = Reference(requirement.name) else {
            throw Diagnostic(
                .error, "image-name", "`\(requirement.name)` is no name of an image", at: requirement.span)
        }
        guard let found = try StoredImages(store: store).image(name, requirement.platform) else {
            throw try unknown(requirement, name)
        }
        return found.base.named(requirement.name)
    }

    /// The context of that name; names that Docker would complete to the same one are the same.
    private func context(named name: String) -> ImageSource? {
        if let exact = contexts[name] { return exact }
        guard let full = Reference(name) else { return nil }
        return contexts.sorted { $0.key < $1.key }.first { Reference($0.key) == full }?.value
    }

    private func unknown(_ requirement: BaseRequirement, _ name: Reference) throws(ImageError) -> Diagnostic {
        let known = try ImageError.store { () throws(StoreError) in try store.names.list() }.map(\.name.familiar)
        var notes: [Diagnostic.Note] = []
        let near = Self.near(name.familiar, in: known)
        if !near.isEmpty {
            notes.append(Diagnostic.Note("the store has \(near.map { "`\($0)`" }.joined(separator: ", "))"))
        } else if known.isEmpty {
            notes.append(Diagnostic.Note("the store has no images yet"))
        }
        return Diagnostic(
            .error, "unknown-image", "the store has no image `\(requirement.name)`", at: requirement.span,
            hint: "bring it in with `layerbuild import PATH -t \(name.familiar)`", notes: notes)
    }

    /// At most five names that could have been meant: of the same repository, or spelt nearly the same.
    private static func near(_ name: String, in known: [String]) -> [String] {
        let repository = name.prefix { $0 != ":" && $0 != "@" }
        let same = known.filter { $0.prefix { $0 != ":" && $0 != "@" } == repository }
        let repositories = Set(known.map { String($0.prefix { $0 != ":" && $0 != "@" }) })
        let closest = closest(to: String(repository), in: repositories)
        let similar = known.filter { !same.contains($0) && String($0.prefix { $0 != ":" && $0 != "@" }) == closest }
        return Array((same + similar).prefix(5))
    }
}

extension BaseImage {
    fileprivate func named(_ name: String) -> BaseImage {
        BaseImage(name: name, config: config, layers: layers, manifestDigest: manifestDigest)
    }
}
