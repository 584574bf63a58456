import CCrypto

/// SHA-256 over bytes as they come.
///
/// libcrypto uses the processor's SHA instructions; hashing costs less than reading.
package struct DigestHasher: ~Copyable, Sendable {
    /// The hasher's own, and it has one owner: libcrypto binds a state to no thread.
    private nonisolated(unsafe) let state: OpaquePointer

    package init() {
        // Without memory for a state there is no digest, and no wrong one may take its place.
        guard let state = EVP_MD_CTX_new(), EVP_DigestInit_ex(state, EVP_sha256(), nil) == 1 else {
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

    /// Hashes the length before the bytes, so that no two lists of parts are the same run of bytes.
    package mutating func updateFramed(_ bytes: [UInt8]) {
        withUnsafeBytes(of: UInt64(bytes.count).littleEndian) { update($0) }
        update(bytes)
    }

    /// The digest of everything that was passed in.
    package consuming func finish() -> Digest {
        var bytes = [UInt8](repeating: 0, count: 32)
        EVP_DigestFinal_ex(state, &bytes, nil)
        return Digest(sha256: bytes)
    }
}

extension Digest {
    package static func of(_ bytes: [UInt8]) -> Digest {
        var hasher = DigestHasher()
        hasher.update(bytes)
        return hasher.finish()
    }
}
