import CCrypto

/// SHA-256 over bytes as they come.
///
/// libcrypto uses the processor's SHA instructions; hashing costs less than reading.
package struct DigestHasher: ~Copyable, Sendable {
    /// The hasher's own, and it has one owner: libcrypto binds a state to no thread.
    private nonisolated(unsafe) let state: OpaquePointer

    /// Looked up once: libcrypto would do it again for every state.
    private nonisolated(unsafe) static let algorithm = EVP_MD_fetch(nil, "SHA256", nil)

    package init() {
        // Without memory for a state there is no digest, and no wrong one may take its place.
        guard let state = EVP_MD_CTX_new(), EVP_DigestInit_ex(state, Self.algorithm, nil) == 1 else {
            preconditionFailure("libcrypto has no memory for a SHA-256 state")
        }
        self.state = state
    }

    deinit { EVP_MD_CTX_free(state) }

    package mutating func update(_ bytes: UnsafeRawBufferPointer) {
        EVP_DigestUpdate(state, bytes.baseAddress, bytes.count)
    }

    package mutating func update(_ bytes: [UInt8]) {
        bytes.withUnsafeBytes { update($0) }
    }

    package mutating func update(_ digest: Digest) { digest.withBytes { update($0) } }

    /// Hashes the length before the bytes, so that no two lists of parts are the same run of bytes.
    package mutating func updateFramed(_ bytes: [UInt8]) {
        withUnsafeBytes(of: UInt64(bytes.count).littleEndian) { update($0) }
        update(bytes)
    }

    /// The digest of everything that was passed in.
    package consuming func finish() -> Digest { digest() }

    /// The digest of everything that was passed in, and a new start: many small things are named by one hasher.
    package mutating func next() -> Digest {
        let digest = digest()
        guard EVP_DigestInit_ex(state, Self.algorithm, nil) == 1 else {
            preconditionFailure("libcrypto cannot begin a SHA-256 state again")
        }
        return digest
    }

    private borrowing func digest() -> Digest {
        var words: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)
        withUnsafeMutableBytes(of: &words) { bytes in
            _ = EVP_DigestFinal_ex(state, bytes.bindMemory(to: UInt8.self).baseAddress, nil)
        }
        return Digest(
            words: (words.0.bigEndian, words.1.bigEndian, words.2.bigEndian, words.3.bigEndian))
    }
}

extension Digest {
    package static func of(_ bytes: [UInt8]) -> Digest {
        var hasher = DigestHasher()
        hasher.update(bytes)
        return hasher.finish()
    }
}
