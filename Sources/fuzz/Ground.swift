import Linux
import SystemPackage

/// Folders for one layer: a base with links that lead astray, two to apply the layer in, and one that is out of bounds.
struct Ground: ~Copyable {
    private let scratch: ScratchFolder
    private var path: FilePath { scratch.path }

    var lower: FilePath { path.appending("lower") }
    var first: FilePath { path.appending("first") }
    var second: FilePath { path.appending("second") }

    init() throws(SyscallError) {
        let scratch = try ScratchFolder(in: Scratch.folder)
        let top = try Folder(opening: scratch.path)
        for name: FilePath in ["outside", "lower", "first", "second"] { try top.makeFolder(name) }
        try top.openFolder("outside").createFile("canary", mode: 0o600).write(Array("alive".utf8))

        let lower = try top.openFolder("lower")
        for name: FilePath in ["d", "d/e"] { try lower.makeFolder(name, mode: 0o750) }
        for name: FilePath in ["f", "d/f", "d/e/f"] { try lower.createFile(name).write(Array("below".utf8)) }
        try lower.makeLink("up", target: Array("../outside".utf8))
        try lower.makeLink("away", target: Array(scratch.path.appending("outside").string.utf8))
        try lower.makeLink("down", target: Array("d/e".utf8))
        self.scratch = scratch
    }

    /// Everything that can be seen of the folder that is out of bounds.
    func outside() throws(SyscallError) -> [FileStatus] {
        let folder = try Folder(opening: path.appending("outside"))
        var all = [try folder.status()]
        for entry in try folder.entries() {
            if let status = try folder.status(of: entry.path) { all.append(status) }
        }
        return all
    }

    consuming func remove() throws(SyscallError) { try scratch.remove() }
}
