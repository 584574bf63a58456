import CCrypto

/// SHA-256 over bytes as they come.
///
/// libcrypto uses the processor's SHA instructions; hashing costs less than reading.
package struct DigestHasher: ~Copyable, Sendable {
    private var state = SHA256_CTX()

    package init() { SHA256_Init(&state) }

    package mutating func update(_ bytes: UnsafeRawBufferPointer) {
        SHA256_Update(&state, bytes.baseAddress, bytes.count)
    }

    package mutating func update(_ bytes: [UInt8]) {
        bytes.withUnsafeBytes { update($0) }
    }

    /// Passes the same bytes to another hasher as well, which costs little more than one of them alone.
    package mutating func update(_ bytes: UnsafeRawBufferPointer, with other: inout DigestHasher) {
        ccrypto_sha256_update_together(&state, &other.state, bytes.baseAddress, bytes.count, nil, nil, 0, nil)
    }

    /// Copies the bytes as well, unless `copy` is `nil`: each of them comes from memory once.
    package mutating func update(_ bytes: UnsafeRawBufferPointer, copyingTo copy: UnsafeMutableRawPointer?) {
        ccrypto_sha256_update_copying(&state, bytes.baseAddress, bytes.count, copy)
    }

    /// Passes other bytes, of much the same number, to a third hasher meanwhile, and copies those, unless `copy` is
    /// `nil`.
    ///
    /// Where hashers take turns (``takeTurns``) that costs a quarter of what it does alone.
    package mutating func update(
        _ bytes: UnsafeRawBufferPointer, beside others: UnsafeRawBufferPointer, of third: inout DigestHasher,
        copyingTo copy: UnsafeMutableRawPointer? = nil
    ) {
        ccrypto_sha256_update_together(
            &state, nil, bytes.baseAddress, bytes.count, &third.state, others.baseAddress, others.count, copy)
    }

    /// Passes the same bytes to another hasher as well, and other bytes to a third one meanwhile.
    package mutating func update(
        _ bytes: UnsafeRawBufferPointer, with other: inout DigestHasher, beside others: UnsafeRawBufferPointer,
        of third: inout DigestHasher, copyingTo copy: UnsafeMutableRawPointer? = nil
    ) {
        ccrypto_sha256_update_together(
            &state, &other.state, bytes.baseAddress, bytes.count, &third.state, others.baseAddress, others.count, copy)
    }

    /// True if the processor has instructions by which several hashers are done hardly later than one.
    package static var takeTurns: Bool { ccrypto_sha256_takes_turns() != 0 }

    package mutating func update(_ digest: Digest) { digest.withBytes { update($0) } }

    /// Hashes the length before the bytes, so that no two lists of parts are the same run of bytes.
    package mutating func updateFramed(_ bytes: [UInt8]) {
        withUnsafeBytes(of: UInt64(bytes.count).littleEndian) { update($0) }
        update(bytes)
    }

    /// The digest of everything that was passed in.
    package consuming func finish() -> Digest { next() }

    /// The digest of everything that was passed in, and a new start: many small things are named by one hasher.
    package mutating func next() -> Digest {
        var words: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)
        withUnsafeMutableBytes(of: &words) { bytes in
            _ = SHA256_Final(bytes.bindMemory(to: UInt8.self).baseAddress, &state)
        }
        SHA256_Init(&state)
        return Digest(words: (words.0.bigEndian, words.1.bigEndian, words.2.bigEndian, words.3.bigEndian))
    }
}

extension Digest {
    package static func of(_ bytes: [UInt8]) -> Digest {
        var hasher = DigestHasher()
        hasher.update(bytes)
        return hasher.finish()
    }
}
