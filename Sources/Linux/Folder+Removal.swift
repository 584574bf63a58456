import CLinux
import Glibc
package import SystemPackage

extension Folder {
    /// How many folders are open at once while a tree is removed; what lies deeper is moved up first.
    private static let deepestRemoval = 64

    /// Removes an entry and everything below it; nothing happens if there is none. Links are removed, not followed.
    ///
    /// Trees may be of any depth and hold folders without permissions. What a process puts there meanwhile, as one does
    /// that is being killed, goes too.
    package func removeTree(_ name: FilePath) throws(SyscallError) {
        guard let status = try status(of: name) else { return }
        guard status.kind == .folder else { return try unlink(name) }
        try allowRemoval(below: name, status)
        let top = try openFolder(name)
        // What was moved up may itself have been too deep: every round takes some levels off. Bounded, because there
        // are file systems on which something is always left (NFS, while a file is open).
        for _ in 0..<100_000 {
            var hoisted = 0
            try top.removeContents(depth: 0, top, &hoisted)
            if try removeIfEmpty(name) { return }
        }
        throw SyscallError("unlinkat", name, .directoryNotEmpty)
    }

    private func removeContents(
        depth: Int, _ top: borrowing Folder, _ hoisted: inout Int
    ) throws(SyscallError) {
        for entry in try entries() {
            if entry.kind != .folder, try removeIfNotFolder(entry.path) { continue }
            guard let status = try status(of: entry.path) else { continue }
            try allowRemoval(below: entry.path, status)
            if depth == Self.deepestRemoval {
                try hoist(entry.path, to: top, &hoisted)
            } else {
                do {
                    let folder = try openFolder(entry.path)
                    try folder.removeContents(depth: depth + 1, top, &hoisted)
                }
                _ = try removeIfEmpty(entry.path)
            }
        }
    }

    private func removeIfNotFolder(_ name: FilePath) throws(SyscallError) -> Bool {
        do throws(SyscallError) {
            try unlink(name)
        } catch  where error.errno == .isDirectory {
            return false
        } catch  where error.errno == .noSuchFileOrDirectory {
            return true
        }
        return true
    }

    /// False if something is in the folder.
    private func removeIfEmpty(_ name: FilePath) throws(SyscallError) -> Bool {
        do throws(SyscallError) {
            try removeFolder(name)
        } catch  where error.errno == .directoryNotEmpty {
            return false
        } catch  where error.errno == .noSuchFileOrDirectory {
            return true
        }
        return true
    }

    /// Moves a folder to a free name of `top`.
    private func hoist(_ name: FilePath, to top: borrowing Folder, _ hoisted: inout Int) throws(SyscallError) {
        while true {
            hoisted += 1
            let free = FilePath("hoisted-\(hoisted)")
            do throws(SyscallError) {
                let (from, to) = (number, top.number)
                try checkShim("renameat2", name.string) {
                    name.withPlatformString { old in
                        free.withPlatformString {
                            clinux_renameat2(from, old, to, $0, UInt32(CLINUX_RENAME_NOREPLACE))
                        }
                    }
                }
                return
            } catch  where error.errno == .fileExists {
                continue
            }
        }
    }

    private func allowRemoval(below folder: FilePath, _ status: FileStatus) throws(SyscallError) {
        if status.mode & 0o700 != 0o700 { try setMode(of: folder, 0o700) }
    }
}
