import Glibc
import Linux
package import OCI
import SystemPackage

/// What keys produced, and the last key seen at each place of a recipe.
///
/// Everything here can be made again: what cannot be read counts as absent.
package struct CacheIndex: Sendable {
    let root: StoreRoot
    let now: Int64

    /// What the key produced; `nil` if that is not known.
    package func lookup(_ key: Digest) throws(StoreError) -> CacheRecord? {
        guard let bytes = try root.read(StoreLayout.record(key), limit: 1 << 20),
            let object = SealedJSON.open(bytes)
        else { return nil }
        return CacheRecord(json: object)
    }

    /// Remembers what the key produced, and that it was seen at `slot`. A record that is there is replaced.
    package func insert(_ record: CacheRecord, for key: CacheKey, at slot: CacheSlot?) throws(StoreError) {
        let parts = StoreLayout.parts(key.digest)
        if try root.size(of: parts) != Int64(key.text.count) {
            try root.replace(parts) { file throws(SyscallError) in
                try key.text.forEachPortion { portion throws(SyscallError) in try file.write(portion) }
            }
        }
        try root.replace(StoreLayout.record(key.digest), with: SealedJSON.seal(record.json))
        if let slot { try note(key.digest, at: slot) }
    }

    /// Takes another machine's record. One that is there stays. What went into the key is not known, so a miss cannot
    /// be explained with it.
    package func insertIfAbsent(_ record: CacheRecord, for key: Digest) throws(StoreError) {
        if try lookup(key) == nil { try root.replace(StoreLayout.record(key), with: SealedJSON.seal(record.json)) }
    }

    /// Remembers that a key was of use, and at which place it was seen. Writes nothing if it is the same as last time
    /// and that was not long ago.
    package func note(_ key: Digest, at slot: CacheSlot) throws(StoreError) {
        try root.noteUse(of: StoreLayout.record(key), now: now)
        let name = StoreLayout.slot(slot.digest)
        let text = Array(key.hex.utf8)
        guard try root.read(name, limit: 1 << 20) != text else { return }
        try root.replace(name, with: text)
    }

    /// The key last seen at a place; `nil` if there was none or its parts are gone.
    package func lastKey(at slot: CacheSlot) throws(StoreError) -> CacheKey? {
        guard let text = try root.read(StoreLayout.slot(slot.digest), limit: 1 << 20),
            let digest = Digest(hex: String(decoding: text, as: UTF8.self))
        else { return nil }
        return try key(named: digest)
    }

    /// The key of that name; `nil` if its parts are gone or are not those that it names.
    func key(named digest: Digest) throws(StoreError) -> CacheKey? {
        let parts = StoreLayout.parts(digest)
        return try attempt("reading `\(root.host(parts))`") { () throws(SyscallError) in
            do throws(SyscallError) {
                return try CacheKey(SpooledBytes(File(try root.folder.open(parts))), named: digest)
            } catch  where error.errno == .noSuchFileOrDirectory || error.errno == .notDirectory {
                return nil
            }
        }
    }

    /// Waits until no other build makes the same key, in this process or another.
    package func lock(_ key: Digest) throws(StoreError) -> KeyLock {
        try attempt("locking the cache key \(key)") { () throws(SyscallError) in
            try KeyLock(StoreLayout.keyLock(key), in: root)
        }
    }

    /// The lock if nobody makes the key; `nil` otherwise.
    package func tryLock(_ key: Digest) throws(StoreError) -> KeyLock? {
        try attempt("locking the cache key \(key)") { () throws(SyscallError) in
            try KeyLock.ifFree(StoreLayout.keyLock(key), in: root)
        }
    }
}
