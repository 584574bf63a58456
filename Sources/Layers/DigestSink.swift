package import OCI

/// Names and counts what passes through.
package struct DigestSink<Next: ByteSink & ~Copyable>: ~Copyable, ByteSink {
    package struct Summary {
        package let digest: Digest
        package let size: Int64
        package let next: Next.Summary
    }

    private var next: Next
    private var hasher = DigestHasher()
    private var size: Int64 = 0

    package init(_ next: consuming Next) { self.next = next }

    package mutating func write(_ bytes: UnsafeRawBufferPointer) throws(LayerError) {
        hasher.update(bytes)
        size += Int64(bytes.count)
        try next.write(bytes)
    }

    package consuming func finish() throws(LayerError) -> Summary {
        Summary(digest: hasher.finish(), size: size, next: try next.finish())
    }
}

extension DigestSink: Sendable where Next: Sendable & ~Copyable {}
