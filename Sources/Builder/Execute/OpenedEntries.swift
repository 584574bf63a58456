import Layers
import Linux

/// The entries of a layer one after the other, with their files opened ahead.
///
/// To open and to close a small file takes as long as to read and to name it. With many of them others open what comes
/// next, so that whoever writes is kept waiting by nothing but its own work.
struct OpenedEntries<Opener: EntryOpener>: ~Copyable {
    private let ahead: OpenedAhead<Opener>
    /// Who opens ahead while no frame waits.
    private let idle: IdleThreads?
    /// Who does where a layer has no threads.
    private let thread: JoinedThread?
    /// What comes next; the first of it last.
    private var ready: [Opener.Entry]

    /// `count`: how many entries change hands at a time. Three times as many files are open at most; with none of them
    /// one is, when its turn comes. `writer` is what the entries are written to.
    init(by opener: Opener, ahead count: Int, for writer: borrowing LayerWriter) throws(BuildError) {
        let ahead = OpenedAhead(by: opener, portion: max(1, count))
        let first = try ahead.take()
        let isMore = count > 0 && first.count == count
        let idle = isMore ? try fromLayers { () throws(LayerError) in try writer.whileIdle { ahead.open() } } : nil
        thread = isMore && idle == nil ? try Self.thread(opening: ahead) : nil
        self.idle = idle
        self.ahead = ahead
        ready = first.reversed()
    }

    private static func thread(opening ahead: OpenedAhead<Opener>) throws(BuildError) -> JoinedThread {
        do { return try JoinedThread { ahead.openAll() } } catch {
            throw BuildError(error, doing: "starting a thread that opens files")
        }
    }

    deinit { ahead.close() }

    mutating func next() throws(BuildError) -> Opener.Entry? {
        if ready.isEmpty {
            ready = try ahead.take().reversed()
            idle?.remind()
        }
        return ready.popLast()
    }
}

/// Where entries come from, with their files open.
protocol EntryOpener: Sendable {
    associatedtype Entry: Sendable

    /// The next one; `nil` at the end.
    mutating func next() throws(BuildError) -> Entry?
}

/// A file that an entry's contents are read from. It is closed with the last reference.
final class OpenedFile: Sendable {
    let file: File

    init(_ file: consuming File) { self.file = file }
}
