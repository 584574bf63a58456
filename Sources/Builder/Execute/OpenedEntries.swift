import Linux

/// The entries of a layer one after the other, with their files opened ahead.
///
/// To open and to close a small file takes as long as to read and to name it. With many of them a thread opens what
/// comes next, so that whoever writes is kept waiting by nothing but its own work.
struct OpenedEntries<Opener: EntryOpener>: ~Copyable {
    private typealias Portion = Result<[Opener.Entry], BuildError>

    private let ahead: BoundedQueue<Portion>
    private let thread: JoinedThread?
    /// Where nothing is opened ahead; `nil` elsewhere.
    private var inTurn: Opener?
    /// What comes next; the first of it last.
    private var ready: [Opener.Entry]

    /// `count`: how many entries change hands at a time. Three times as many files are open at most; with none of them
    /// one is, when its turn comes.
    init(by opener: Opener, ahead count: Int) throws(BuildError) {
        var opener = opener
        let first = try opener.next(max(1, count))
        let ahead = BoundedQueue<Portion>(capacity: 1)
        thread = count == 0 || first.count < count ? nil : try Self.open(by: opener, count, into: ahead)
        inTurn = count == 0 ? opener : nil
        ready = first.reversed()
        self.ahead = ahead
    }

    private static func open(
        by opener: Opener, _ count: Int, into ahead: BoundedQueue<Portion>
    ) throws(BuildError) -> JoinedThread {
        do throws(SyscallError) {
            return try JoinedThread {
                var opener = opener
                var isLast = false
                while !isLast {
                    let portion = Portion { () throws(BuildError) in try opener.next(count) }
                    isLast = (try? portion.get())?.count != count
                    if !ahead.put(portion) { break }
                }
                ahead.close()
            }
        } catch {
            throw BuildError(error, doing: "starting a thread that opens files")
        }
    }

    deinit { ahead.close() }

    mutating func next() throws(BuildError) -> Opener.Entry? {
        if ready.isEmpty {
            if let opened = try inTurn?.next(1) {
                ready = opened
            } else if thread != nil, let portion = ahead.take() {
                ready = try portion.get().reversed()
            }
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

extension EntryOpener {
    /// The next entries; fewer than `count` only at the end.
    fileprivate mutating func next(_ count: Int) throws(BuildError) -> [Entry] {
        var entries: [Entry] = []
        entries.reserveCapacity(count)
        while entries.count < count, let entry = try next() { entries.append(entry) }
        return entries
    }
}

/// A file that an entry's contents are read from. It is closed with the last reference.
final class OpenedFile: Sendable {
    let file: File

    init(_ file: consuming File) { self.file = file }
}
