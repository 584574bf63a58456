import Glibc
import SystemPackage

/// A file system that is being set up, between `fsopen` and `fsmount`.
struct FileSystemContext: ~Copyable {
    private let type: String
    private let handle: OwnedDescriptor

    init(_ type: String) throws(SyscallError) {
        self.type = type
        handle = OwnedDescriptor(try check("fsopen", type) { fsopen(type, UInt32(FSOPEN_CLOEXEC)) })
    }

    func set(_ key: String, _ value: String) throws(SyscallError) {
        try configure(FSCONFIG_SET_STRING, key, value) {
            fsconfig($0, FSCONFIG_SET_STRING.rawValue, key, value, 0)
        }
    }

    func set(_ flag: String) throws(SyscallError) {
        try configure(FSCONFIG_SET_FLAG, flag, "") { fsconfig($0, FSCONFIG_SET_FLAG.rawValue, flag, nil, 0) }
    }

    /// Names a folder by descriptor, so that its path may be of any length and cannot be moved away meanwhile.
    ///
    /// Kernels before 6.13 want a string; the kernel's own link to the descriptor is one that is always short enough.
    func set(_ key: String, _ folder: borrowing OwnedDescriptor) throws(SyscallError) {
        if fsconfig(handle.number, FSCONFIG_SET_FD.rawValue, key, nil, folder.number) == 0 { return }
        try set(key, "/proc/self/fd/\(folder.number)")
    }

    consuming func mount(_ attributes: MountAttributes) throws(SyscallError) -> OwnedDescriptor {
        try configure(FSCONFIG_CMD_CREATE, "", "") { fsconfig($0, FSCONFIG_CMD_CREATE.rawValue, nil, nil, 0) }
        return OwnedDescriptor(
            try check("fsmount", type) {
                fsmount(handle.number, UInt32(FSMOUNT_CLOEXEC), UInt32(truncatingIfNeeded: attributes.rawValue))
            })
    }

    private func configure(
        _ command: fsconfig_command, _ key: String, _ value: String, _ call: (Int32) -> Int32
    ) throws(SyscallError) {
        do throws(SyscallError) {
            try check("fsconfig") { call(handle.number) }
        } catch {
            let about = [type, key, value, message()].filter { !$0.isEmpty }.joined(separator: " ")
            throw SyscallError("fsconfig", about, error.errno)
        }
    }

    /// What the kernel has to say about the last error; usually more than an errno.
    private func message() -> String {
        withUnsafeTemporaryAllocation(byteCount: 1024, alignment: 1) { buffer in
            let count = read(handle.number, buffer.baseAddress, buffer.count)
            guard count > 0 else { return "" }
            return "(\(String(decoding: buffer[..<count].filter { $0 != 10 }, as: UTF8.self)))"
        }
    }
}
