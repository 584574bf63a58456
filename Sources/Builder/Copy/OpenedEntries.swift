import Linux
import OCI

/// The entries of a layer one after the other, with their files opened ahead.
///
/// To open and to close a small file takes as long as to read and to name it. With many of them a thread opens what
/// comes next, so that whoever writes is kept waiting by nothing but its own work.
struct OpenedEntries: ~Copyable {
    private typealias Portion = Result<[OpenedEntry], BuildError>

    private let ahead: BoundedQueue<Portion>
    private let thread: JoinedThread?
    /// Where nothing is opened ahead; `nil` elsewhere.
    private var inTurn: Opener?
    /// What comes next; the first of it last.
    private var ready: [OpenedEntry]

    /// `count`: how many entries change hands at a time. Three times as many files are open at most; with none of them
    /// one is, when its turn comes.
    init(_ changes: PlannedChanges, of sources: CopySources, ahead count: Int) throws(BuildError) {
        var opener = Opener(changes: changes, sources: sources, count: max(1, count))
        let first = try opener.next()
        let ahead = BoundedQueue<Portion>(capacity: 1)
        thread = count == 0 || first.count < count ? nil : try Self.open(opener, into: ahead)
        inTurn = count == 0 ? opener : nil
        ready = first.reversed()
        self.ahead = ahead
    }

    private static func open(_ opener: Opener, into ahead: BoundedQueue<Portion>) throws(BuildError) -> JoinedThread {
        do throws(SyscallError) {
            return try JoinedThread {
                var opener = opener
                var isLast = false
                while !isLast {
                    let portion = Portion { () throws(BuildError) in try opener.next() }
                    isLast = (try? portion.get())?.count != opener.count
                    if !ahead.put(portion) { break }
                }
                ahead.close()
            }
        } catch {
            throw BuildError(error, doing: "starting a thread that opens files")
        }
    }

    deinit { ahead.close() }

    mutating func next() throws(BuildError) -> OpenedEntry? {
        if ready.isEmpty {
            if let opened = try inTurn?.next() {
                ready = opened
            } else if thread != nil, let portion = ahead.take() {
                ready = try portion.get().reversed()
            }
        }
        return ready.popLast()
    }
}

/// Who opens the files.
private struct Opener: Sendable {
    var changes: PlannedChanges
    let sources: CopySources
    let count: Int

    /// The next entries; fewer than `count` only at the end.
    mutating func next() throws(BuildError) -> [OpenedEntry] {
        var entries: [OpenedEntry] = []
        entries.reserveCapacity(count)
        while entries.count < count, let planned = try changes.next() {
            entries.append(OpenedEntry(planned: planned, contents: try open(planned.contents)))
        }
        return entries
    }

    private func open(_ contents: PlannedEntry.Contents) throws(BuildError) -> OpenedEntry.Contents? {
        guard case .source(let index, let source) = contents, let tree = sources.trees[index] else { return nil }
        let digest = try tree.knownDigest(of: source)
        return OpenedEntry.Contents(try tree.open(source), digest: digest)
    }
}
