package import Linux

/// The end of the line: bytes into a file.
package struct FileSink: ~Copyable, ByteSink, Sendable {
    private let file: File

    package init(_ file: consuming File) { self.file = file }

    package mutating func write(_ bytes: UnsafeRawBufferPointer) throws(LayerError) {
        do { try file.write(bytes) } catch { throw .system(error) }
    }

    package consuming func finish() {}
}
