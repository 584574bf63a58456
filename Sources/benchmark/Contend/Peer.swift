import Glibc
import Linux
package import SystemPackage

/// Buildah or Podman, which take the same arguments.
package struct Peer: ImageBuilder {
    package let name: String
    package let role = Contender.Role.peer
    private let home: FilePath

    /// `nil` if the program is not installed.
    package init?(_ name: String, in home: FilePath) throws {
        guard Self.isInstalled(name) else { return nil }
        self.name = name
        self.home = home
        let settings = try File(opening: home.appending("containers.conf"), O_WRONLY | O_CREAT | O_TRUNC)
        let runtime = Self.isInstalled("runc") ? "runtime = \"runc\"\n" : ""
        try settings.write(Array("[engine]\n\(runtime)cgroup_manager = \"cgroupfs\"\n".utf8))
    }

    /// True if a program of that name is where the distribution puts them.
    package static func isInstalled(_ program: String) -> Bool {
        ["/usr/local/bin/", "/usr/bin/", "/usr/sbin/"].contains { access($0 + program, X_OK) == 0 }
    }

    package var images: FilePath { home.appending("own-" + name) }
    private var root: String { images.string }
    /// Short: Podman takes no path of more than 50 characters for it.
    private var state: String { home.appending("run-" + name.prefix(1)).string }

    private var program: String {
        "\(name) --root \(root.quoted) --runroot \(state.quoted) --storage-driver overlay"
    }

    private func shell(_ line: String) -> Command {
        var command = Command.shell(line)
        command.environment = ["CONTAINERS_CONF=\(home.appending("containers.conf"))"]
        return command
    }

    package var reset: Command {
        shell("umount -l \(root.quoted)/overlay 2>/dev/null || true; rm -rf \(root.quoted) \(state.quoted)")
    }

    package func build(
        _ recipe: FilePath, _ context: FilePath, tag: String, compression: String, tarball: FilePath?
    ) -> Command {
        let paths = "-f \(recipe.string.quoted) \(context.string.quoted)"
        let build = "\(program) build --layers --jobs 4 --network host -t \(tag) \(paths)"
        guard let tarball else { return shell(build) }
        // The archive is added to, not replaced, if it is there.
        let file = tarball.string.quoted
        return shell(
            "\(build); rm -f \(file); \(program) push -q --compression-format \(compression) \(tag) oci-archive:\(file)"
        )
    }
}
