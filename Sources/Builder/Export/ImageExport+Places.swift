import Linux
import SystemPackage

extension ImageExport {
    /// Finds out before any step is done that an output has no place: its folder is missing, or takes no files.
    static func requirePlaces(of outputs: [Output]) throws(BuildError) {
        for output in outputs where output.form != .none {
            guard let path = output.path else { continue }
            do throws(SyscallError) { try requirePlace(path) } catch {
                var failure = BuildError(error, doing: "exporting to \(path)")
                if error.errno == .noSuchFileOrDirectory { failure.hint = "make the folder first" }
                throw failure
            }
        }
    }

    private static func requirePlace(_ path: FilePath) throws(SyscallError) {
        let parent = try Folder(opening: path.removingLastComponent())
        let name = path.lastComponent.map { FilePath(root: nil, [$0]) } ?? "."
        switch try parent.status(of: name)?.kind {
        case nil, .regular:
            try parent.requireWritable()
        // A folder is filled, a link is followed, and the others are written into as they are.
        case .folder, .symbolicLink, .fifo, .socket, .characterDevice, .blockDevice: break
        }
    }
}
