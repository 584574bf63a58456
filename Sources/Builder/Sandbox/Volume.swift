package import SystemPackage

/// A file or folder of this machine that every RUN of a build sees.
///
/// Nothing of it is part of an image, and what is in it is no ingredient of a step's key: like a cache mount it is for
/// what makes a build fast, not for what makes its result.
package struct Volume: Hashable, Sendable {
    package enum Access: String, Hashable, Sendable, CaseIterable {
        case readWrite = "rw"
        case readOnly = "ro"
        /// What a step writes is there until it ends, and the machine's own files stay as they are.
        case discarding = "O"
    }

    /// Absolute, on this machine.
    package let source: FilePath
    /// Absolute, in the step.
    package let target: String
    package let access: Access

    package init(source: FilePath, target: String, access: Access = .readWrite) {
        self.source = source
        self.target = target
        self.access = access
    }
}
