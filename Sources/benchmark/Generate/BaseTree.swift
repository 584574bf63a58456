import Linux
package import SystemPackage

/// The root file system that all builders build on: as a folder to change root into, and as a tarball.
package struct BaseTree: Sendable {
    private static let commands = ["sh", "true", "touch", "ls", "mkdir", "rm", "sleep", "echo"]

    package let folder: FilePath
    package let tarball: FilePath

    /// Unpacks a given tarball, or makes a small root of the host's static busybox.
    package init(from given: FilePath?, in home: FilePath, _ stopwatch: Stopwatch) throws {
        folder = home.appending("base")
        let archive = try Folder(opening: home)
        try archive.makeFolder("base")
        try archive.makeFolder("base-context")
        tarball = home.appending("base-context").appending("base.tar")
        if let given {
            try stopwatch.run(Command(["tar", "xf", given.string, "-C", folder.string]))
        } else {
            try Self.fill(try archive.openFolder("base"))
            let busybox = folder.appending("bin").appending("busybox")
            try stopwatch.run(Command(["cp", "/bin/busybox", busybox.string]))
        }
        try stopwatch.run(Command(["tar", "cf", tarball.string, "-C", folder.string, "."]))
        let recipe = try Folder(opening: tarball.removingLastComponent()).createFile("Recipe")
        try recipe.write(Array("FROM scratch\nADD base.tar /\n".utf8))
    }

    private static func fill(_ root: borrowing Folder) throws {
        for name in ["bin", "dev", "etc", "proc", "root", "sys", "tmp"] { try root.makeFolder(FilePath(name)) }
        for name in commands { try root.makeLink(FilePath("bin/" + name), target: Array("busybox".utf8)) }
    }
}
