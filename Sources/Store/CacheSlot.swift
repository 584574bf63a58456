import OCI

/// A place in a recipe. The store remembers the last key seen there, which is what a miss is explained against.
package struct CacheSlot: Hashable, Sendable {
    /// What tells one recipe from another: the path of its file, or of its context.
    package let recipe: [UInt8]
    package let stage: String
    /// The number of the step in its stage.
    package let step: Int

    package init(recipe: [UInt8], stage: String, step: Int) {
        self.recipe = recipe
        self.stage = stage
        self.step = step
    }

    var digest: Digest {
        var hasher = DigestHasher()
        hasher.updateFramed(recipe)
        hasher.updateFramed(Array(stage.utf8))
        hasher.updateFramed(Array(String(step).utf8))
        return hasher.finish()
    }
}
