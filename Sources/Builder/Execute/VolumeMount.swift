import Glibc
import Linux
import SystemPackage

/// `--volume`: a file or folder of the machine as a mount.
struct VolumeMount {
    let volume: Volume
    let scratch: StepScratch

    /// Asked before anything is mounted: whether it is a folder decides what kind of place the step needs.
    func isFolder() throws(BuildError) -> Bool {
        do throws(SyscallError) {
            _ = try Folder(opening: volume.source)
            return true
        } catch  where error.errno == .notDirectory {
            return false
        } catch {
            throw BuildError(error, doing: "mounting the volume `\(volume.target)`", kind: .input)
        }
    }

    func mount() throws(BuildError) -> Linux.Mount {
        let usual: MountAttributes = [.noDevices, .noPrivileges]
        switch volume.access {
        case .readWrite: return try mounting { () throws(SyscallError) in try .bind(volume.source, usual) }
        case .readOnly:
            return try mounting { () throws(SyscallError) in try .bind(volume.source, usual.union(.readOnly)) }
        case .discarding:
            let (upper, work) = (try scratch.newFolder(), try scratch.newFolder())
            return try mounting { () throws(SyscallError) in
                try .overlay(lower: [volume.source], upper: upper, work: work)
            }
        }
    }

    private func mounting(_ body: () throws(SyscallError) -> Linux.Mount) throws(BuildError) -> Linux.Mount {
        do { return try body() } catch { throw BuildError(error, doing: "mounting the volume `\(volume.target)`") }
    }
}
