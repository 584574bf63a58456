import Glibc
import Linux
import SystemPackage

extension ImageExport {
    /// Finds out before any step is done that an output has no place: its folder is missing or takes no files, or the
    /// recipe would be written over.
    static func requirePlaces(of outputs: [Output], apartFrom recipe: FilePath?) throws(BuildError) {
        for output in outputs where output.form != .none {
            guard let path = output.path else { continue }
            if let recipe, isSame(recipe, path) {
                throw BuildError(
                    .input, "output", "the output \(path) is the recipe", hint: "name another file with -o")
            }
            do throws(SyscallError) { try requirePlace(path) } catch {
                var failure = BuildError(error, doing: "exporting to \(path)")
                if error.errno == .noSuchFileOrDirectory { failure.hint = "make the folder first" }
                throw failure
            }
        }
    }

    /// True if both are names of one file, which is there.
    private static func isSame(_ one: FilePath, _ other: FilePath) -> Bool {
        var (first, second) = (stat(), stat())
        guard one.withPlatformString({ stat($0, &first) }) == 0, other.withPlatformString({ stat($0, &second) }) == 0
        else { return false }
        return first.st_dev == second.st_dev && first.st_ino == second.st_ino
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
