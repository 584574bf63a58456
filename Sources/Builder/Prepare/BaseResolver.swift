package import Frontend
package import OCI
import Registry
package import Store

/// Finds the images that a recipe starts from or copies from.
///
/// A name given with `--build-context` comes first, then the store. Nothing is guessed: a name that is nowhere is an
/// error of the recipe, which says what would have to be done.
package struct BaseResolver: Sendable {
    private let store: Store
    private let contexts: ExactMap<ImageSource>
    private let threads: Int
    /// Without it only the store is asked.
    private let registries: RegistryAccess?
    private let policy: PullPolicy

    package init(
        store: Store, contexts: ExactMap<ImageSource>, threads: Int, registries: RegistryAccess? = nil,
        policy: PullPolicy = .missing
    ) {
        self.registries = registries
        self.policy = policy
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
            return try importer(for: requirement).read(source, extent: .chosenPlatform).base.named(requirement.name)
        }
        guard let name = Reference(requirement.name) else {
            throw Diagnostic(
                .error, "image-name", "`\(requirement.name)` is no name of an image", at: requirement.span)
        }
        return try find(name, requirement).named(requirement.name)
    }

    /// In the store, or at its registry: in which order is the policy's.
    private func find(_ name: Reference, _ requirement: BaseRequirement) throws -> BaseImage {
        let stored = try stored(name, requirement.platform)
        if let stored, isEnough(stored, for: requirement) { return stored.base }
        guard registries != nil else { throw try unknown(requirement, name) }
        do throws(ImageError) {
            let image = try importer(for: requirement).pull(name)
            try StoredPlatforms(store: store).name(name, image)
            return image.base
        } catch {
            guard case .registry(let cause) = error, stored == nil else { throw error }
            if case .unknown = cause { throw try unknown(requirement, name) }
            // A name that is spelt wrong is looked for in vain, wherever it may be.
            var failure = BuildError(cause)
            failure.notes += try nearNotes(name)
            throw failure
        }
    }

    /// An index that lacks the platform is no answer where a registry can be asked.
    private func stored(_ name: Reference, _ platform: Platform) throws(ImageError) -> ImportedImage? {
        do throws(ImageError) {
            return try StoredImages(store: store).image(name, platform)
        } catch {
            guard registries != nil, case .rejected(let rejection) = error, rejection.code == "image-platform" else {
                throw error
            }
            return nil
        }
    }

    /// An image for another machine is not what was asked for if there may be one for this one.
    private func isEnough(_ image: ImportedImage, for requirement: BaseRequirement) -> Bool {
        guard registries != nil else { return true }
        return policy == .missing && requirement.platform.accepts(image.base.config.platform)
    }

    private func importer(for requirement: BaseRequirement) -> ImageImporter {
        ImageImporter(store: store, platform: requirement.platform, threads: threads, registries: registries)
    }

    /// The context of that name; names that Docker would complete to the same one are the same.
    private func context(named name: String) -> ImageSource? {
        if let exact = contexts[name] { return exact }
        guard let full = Reference(name) else { return nil }
        return contexts.sorted.first { Reference($0.name) == full }?.value
    }

    private func unknown(_ requirement: BaseRequirement, _ name: Reference) throws(ImageError) -> Diagnostic {
        Diagnostic(
            .error, "unknown-image",
            registries == nil
                ? "the store has no image `\(requirement.name)`"
                : "neither the store nor `\(name.registry)` has an image `\(requirement.name)`", at: requirement.span,
            hint: "bring it in with `layerbuild import PATH -t \(name.familiar)`", notes: try nearNotes(name))
    }

    private func nearNotes(_ name: Reference) throws(ImageError) -> [Diagnostic.Note] {
        let known = try ImageError.store { () throws(StoreError) in try store.names.list() }.map(\.name.familiar)
        let near = Self.near(name.familiar, in: known)
        if !near.isEmpty { return [Diagnostic.Note("the store has \(near.map { "`\($0)`" }.joined(separator: ", "))")] }
        return known.isEmpty ? [Diagnostic.Note("the store has no images yet")] : []
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
