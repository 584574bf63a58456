import Linux

/// The end of the line: bytes into a file.
///
/// Blobs are waited for when their image gets its name, and outputs before they get theirs; the disk begins long before.
struct FileSink: ~Copyable, Sendable {
    /// How much is written before the disk is told to begin with it.
    private static let portion: Int64 = 16 << 20

    private var file: DirectFile
    /// From the file's beginning, where blobs begin: for a file that has something before, the hint is about less.
    private var written: Int64 = 0
    private var announced: Int64 = 0

    /// `twin` gets the same bytes.
    init(_ file: consuming File, for persistence: Persistence, copyingTo twin: FileTwin? = nil) {
        self.file = DirectFile(file, for: persistence, copyingTo: twin)
    }

    mutating func write(_ bytes: UnsafeRawBufferPointer) throws(LayerError) {
        do { try file.write(bytes) } catch { throw .system(error) }
        count(bytes.count)
    }

    /// Memory that is written next: see ``DirectFile/room``.
    var room: UnsafeMutableRawBufferPointer? {
        mutating get { file.room }
    }

    mutating func takesAtOnce(_ count: Int) -> Bool { file.takesAtOnce(count) }

    /// Writes bytes that were put into `room`.
    mutating func advance(by count: Int) throws(LayerError) {
        do { try file.advance(by: count) } catch { throw .system(error) }
        self.count(count)
    }

    private mutating func count(_ added: Int) {
        written += Int64(added)
        guard written - announced >= Self.portion else { return }
        file.startWriteback(at: announced, count: written - announced)
        announced = written
    }

    consuming func finish() throws(LayerError) {
        do { try file.finish() } catch { throw .system(error) }
    }
}
