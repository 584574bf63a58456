import Linux
package import SystemPackage

/// The root file system that all builders build on: as a folder to change root into, and as a tarball.
package struct BaseTree: Sendable {
    private static let commands = ["sh", "true", "touch", "ls", "mkdir", "rm", "sleep", "echo"]

    package let folder: FilePath
    package let tarball: FilePath

    /// Unpacks a given tarball, or makes a small root of the host's static busybox. `name` is the folder's.
    package init(
        _ name: String = "base", from given: FilePath?, in home: FilePath, _ stopwatch: Stopwatch
    ) throws {
        folder = home.appending(name)
        let archive = try Folder(opening: home)
        try archive.makeFolder(FilePath(name))
        try archive.makeFolder(FilePath(name + "-context"))
        tarball = home.appending(name + "-context").appending("base.tar")
        if let given {
            try stopwatch.run(Command(["tar", "xf", given.string, "-C", folder.string]))
        } else {
            try Self.fill(try archive.openFolder(FilePath(name)))
            let busybox = folder.appending("bin").appending("busybox")
            try stopwatch.run(Command(["cp", "/bin/busybox", busybox.string]))
        }
        try stopwatch.run(Command(["tar", "cf", tarball.string, "-C", folder.string, "."]))
        let recipe = try Folder(opening: tarball.removingLastComponent()).createFile("Recipe")
        try recipe.write(Array("FROM scratch\nADD base.tar /\n".utf8))
    }

    /// Puts the packages that Python needs into `folder`, from where the base's own settings say.
    package func download(into folder: FilePath, _ stopwatch: Stopwatch) throws {
        let root = self.folder.string.quoted
        let chroot = "PATH=/usr/sbin:/usr/bin:/sbin:/bin chroot \(root)"
        let lines = [
            "cp -L /etc/resolv.conf \(root)/etc/resolv.conf", "mount --rbind /dev \(root)/dev",
            "\(chroot) apt-get -q update",
            "\(chroot) apt-get -qy --no-install-recommends --download-only -o APT::Keep-Downloaded-Packages=true "
                + "-o Dir::Cache::archives=/var/cache/bench install python3",
            "mv \(root)/var/cache/bench \(folder.string.quoted)", "rm -rf \(root)/var/lib/apt/lists/*",
        ]
        try stopwatch.run(Command(["mkdir", "-p", self.folder.string + "/var/cache/bench/partial"]))
        try stopwatch.run(Command(["unshare", "-m", "/bin/sh", "-ec", lines.joined(separator: "; ")]))
    }

    private static func fill(_ root: borrowing Folder) throws {
        for name in ["bin", "dev", "etc", "proc", "root", "sys", "tmp"] { try root.makeFolder(FilePath(name)) }
        for name in commands { try root.makeLink(FilePath("bin/" + name), target: Array("busybox".utf8)) }
    }
}
