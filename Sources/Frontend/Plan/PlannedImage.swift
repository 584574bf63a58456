package import OCI

/// The image a stage makes: everything about it that can be known before a step has run.
package struct PlannedImage: Hashable, Sendable {
    /// The file system of the image.
    package let fileSystem: FileSystem
    /// The finished configuration but for `created`, `history` and `rootfs`, which depend on what the steps make. Its
    /// `diffIDs` and `history` are empty.
    package let config: ImageConfig
    /// The base that the target stage stands on, through other stages, if any: its layers and history come first.
    package let base: BaseID?
    /// The history behind the base's, in order.
    package let history: [PlannedHistory]

    package init(fileSystem: FileSystem, config: ImageConfig, base: BaseID? = nil, history: [PlannedHistory] = []) {
        self.fileSystem = fileSystem
        self.config = config
        self.base = base
        self.history = history
    }
}
