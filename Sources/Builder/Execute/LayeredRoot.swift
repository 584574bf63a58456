import Glibc
import Linux
import SystemPackage

/// The root that a command gets: an image's layers, an init layer over them, and an empty upper folder on top.
///
///     upper   what the command changes
///     init    places for hostname, hosts, resolv.conf and other mounts that the image lacks
///     layers  the image, shared by everything that starts from it
enum LayeredRoot {
    /// How many layers an image may have to run something in it: Linux takes 500, and the init layer is one of them.
    static let maximumLayers = 499

    /// Throws, and says how the right is granted, if this process may not mount at all.
    ///
    /// Whoever has the capability and still may not is told so by the mount itself: to try it out beforehand is a mount
    /// and its end more for everybody.
    static func requireRightToMount() throws(BuildError) {
        if !Capabilities.ofThisThread.contains(.administer), let obstacle { throw error(obstacle, over: []) }
    }

    /// `lower` are the layers' folders, the lowest first; `upper` and `work` are empty folders of one file system.
    static func mount(
        _ lower: [FilePath], _ initLayer: InitLayer, upper: FilePath, work: FilePath
    ) throws(BuildError) -> Linux.Mount {
        guard lower.count <= maximumLayers else {
            throw BuildError(
                .recipe, "too-many-layers",
                "the command stands on \(lower.count) layers, and Linux mounts no more than \(maximumLayers)",
                hint: "join instructions, or copy what they made into another stage")
        }
        do throws(SyscallError) {
            return try Linux.Mount.overlay(
                lower: lower + (initLayer.folder.map { [$0] } ?? []), upper: upper, work: work)
        } catch {
            throw self.error(error, over: lower)
        }
    }

    /// Makes the folder that a command is to start in, and those above it, if they are missing: an image may name one that
    /// it does not have, and an earlier step may have removed it. They belong to whom the command runs as.
    static func makeWorkingDirectory(
        _ path: String, in root: borrowing Linux.Mount, owner: Ownership
    ) throws(BuildError) {
        do throws(SyscallError) {
            let top = try root.folder()
            var here: FilePath = "."
            for component in FilePath(path).components {
                let parent = here
                here.append(component)
                do throws(SyscallError) {
                    _ = try top.openInRoot(here, O_RDONLY | O_DIRECTORY)
                } catch  where error.errno == .noSuchFileOrDirectory {
                    let above = Folder(try top.openInRoot(parent, O_RDONLY | O_DIRECTORY))
                    let name = FilePath(root: nil, [component])
                    try above.makeFolder(name, mode: 0o755)
                    try above.setOwner(of: name, owner: owner.user, group: owner.group)
                }
            }
        } catch {
            throw BuildError(error, doing: "making the working directory `\(path)`", kind: .recipe)
        }
    }

    /// Why this process may not mount, tried out once; `nil` if it may.
    private static let obstacle: SyscallError? = {
        do throws(SyscallError) {
            _ = try Linux.Mount.memory()
            return nil
        } catch {
            return error
        }
    }()

    private static func error(_ error: SyscallError, over lower: [FilePath]) -> BuildError {
        switch error.errno {
        case .notPermitted, .permissionDenied:
            return BuildError(
                .machine, "no-right-to-mount",
                "a RUN step mounts its layers, and this process lacks the right to (CAP_SYS_ADMIN): \(error)",
                hint: "run as root; in a container with `docker run --privileged`, in GitLab with `privileged = true`")
        case Errno(rawValue: ENODEV):
            return BuildError(.machine, "no-overlayfs", "this kernel has no overlayfs", hint: "modprobe overlay")
        case .noFunction:
            return BuildError(
                .machine, "old-kernel", "this kernel lacks what a RUN step needs: \(error)",
                hint: "Linux 5.12 and later have it")
        default: return BuildError(error, doing: "mounting the layers of the command")
        }
    }
}
