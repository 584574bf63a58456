import Glibc
import Linux
import OCI
import Synchronization
import SystemPackage

/// What makes sure that nothing is trusted which a power cut took away.
///
/// Builds do not wait for the disk. Instead a file `journal/<boot>` says: content whose status changed at or after this
/// second may not be on the disk. It is on the disk itself before the first such content gets its name. While its boot
/// lasts, nothing follows from it, for the kernel has everything in memory. The first command after another boot looks
/// through all that content, hashes the blobs, drops the snapshots, and then removes the file.
///
/// A file older than a minute is settled with one `syncfs`, by which time the kernel has written nearly everything.
final class Durability: Sendable {
    private static let patience: Int64 = 60

    let root: StoreRoot
    let marker: FilePath
    private let now: Int64
    /// Our shared lock on the marker: as long as anybody has one, nobody removes the file.
    private let expecting = Mutex<FileLock?>(nil)

    init(root: StoreRoot, boot: String, now: Int64) {
        self.root = root
        self.marker = StoreLayout.journal.appending(boot)
        self.now = now
    }

    /// Called before anything gets a final name whose contents matter.
    func expectWrites() throws(StoreError) {
        try expecting.withLock { expecting throws(StoreError) in
            if expecting != nil { return }
            expecting = try mark()
        }
    }

    private func mark() throws(StoreError) -> FileLock {
        let guardian = try root.lock(StoreLayout.journal)
        let lock = try attempt("writing `\(root.host(marker))`") { () throws(SyscallError) in
            let file = File(try root.folder.open(marker, O_RDWR | O_CREAT, mode: 0o600))
            let status = try file.status()
            if status.size == 0 {
                // The file system's own clock, which is also the one that content is compared by.
                try file.write(Self.text(since: status.changed.seconds))
                try file.sync()
                try root.folder.openFolder(StoreLayout.journal).sync()
            }
            return try FileLock(try file.handle.duplicate(), .shared)
        }
        _ = consume guardian
        return lock
    }

    /// The disk is waited for once a file; with more files than this, once for all that the file system has to write.
    private static let fewFiles = 4

    /// Waits until these blobs are on the disk. Those that are not in the store are passed over.
    func sync(_ blobs: some Sequence<Digest>) throws(StoreError) {
        guard let since = try read(marker) else { return }
        try attempt("writing blobs to the disk") { () throws(SyscallError) in
            var names: [FilePath] = []
            for digest in blobs {
                let name = StoreLayout.blob(digest)
                guard let status = try root.folder.status(of: name), status.changed.seconds >= since else { continue }
                names.append(name)
            }
            guard names.count <= Self.fewFiles else { return try root.folder.syncFileSystem() }
            for name in names { try File(try root.folder.open(name)).sync() }
            if !names.isEmpty { try root.folder.openFolder(StoreLayout.blobs).sync() }
        }
    }

    /// Brings everything of this boot to the disk if that was due a minute ago.
    func settleIfDue() throws(StoreError) {
        let status = try attempt("reading `\(root.host(marker))`") { () throws(SyscallError) in
            try root.folder.status(of: marker)
        }
        guard let status, status.modified.seconds < now - Self.patience else { return }
        try noteDamage(of: marker)
        try settle()
    }

    /// Brings everything that was committed so far to the disk. Nothing may be committed meanwhile by this process.
    func settle() throws(StoreError) {
        expecting.withLock { $0 = nil }
        try root.withLock(on: StoreLayout.journal) { () throws(StoreError) in
            try attempt("writing the store to the disk") { () throws(SyscallError) in
                let name: FilePath = marker
                guard try root.folder.status(of: name) != nil else { return }
                let file = File(try root.folder.open(name, O_RDWR))
                // The first byte is a blank already: this only asks the file system what time it is.
                try file.write([0x20])
                let began = try file.status().modified.seconds
                try root.folder.syncFileSystem()
                if let alone = try FileLock.attempt(try file.handle.duplicate(), .exclusive) {
                    try root.folder.unlink(name)
                    _ = consume alone
                } else {
                    try file.seek(to: 0)
                    try file.write(Self.text(since: began))
                }
            }
        }
    }

    /// The second since which content is not safe, with one to spare; `nil` if all is.
    ///
    /// What cannot be read means: all of it.
    func read(_ marker: FilePath) throws(StoreError) -> Int64? {
        guard let bytes = try root.read(marker, limit: 1 << 10) else { return nil }
        return Self.second(bytes).map { $0 - 1 } ?? .min
    }

    /// Remembers that a marker which is about to go says no time: then all content was taken for unsafe.
    func noteDamage(of marker: FilePath) throws(StoreError) {
        // An empty one is being written.
        guard let text = try root.read(marker, limit: 1 << 10), !text.isEmpty, Self.second(text) == nil else { return }
        root.noteMended(marker)
    }

    /// The second that a marker's text names; `nil` if it is not what ``text(since:)`` writes.
    static func second(_ text: [UInt8]) -> Int64? {
        guard let second = Int64(String(decoding: text.prefix(20).drop { $0 == 0x20 }, as: UTF8.self)) else {
            return nil
        }
        return text == self.text(since: second) ? second : nil
    }

    /// The digits, right-aligned, and a part of their digest, by which a flipped bit shows.
    private static func text(since second: Int64) -> [UInt8] {
        let digits = String(second)
        let check = Digest.of(Array(digits.utf8)).hex.prefix(16)
        return Array((String(repeating: " ", count: max(0, 20 - digits.count)) + digits + " \(check)\n").utf8)
    }
}
