import Synchronization

/// The files of all steps of a build, written when its first command runs: most builds run none.
final class NetworkFilesOnce: Sendable {
    private let write: @Sendable () throws(BuildError) -> NetworkFiles
    private let written = Mutex<NetworkFiles?>(nil)

    init(_ write: @escaping @Sendable () throws(BuildError) -> NetworkFiles) { self.write = write }

    /// Of steps that come at once one writes and the others wait.
    func files() throws(BuildError) -> NetworkFiles {
        try written.withLock { written throws(BuildError) in
            if let written { return written }
            let files = try write()
            written = files
            return files
        }
    }
}
