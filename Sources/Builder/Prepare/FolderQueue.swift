import Glibc
import Layers
import Linux
import OCI
import Synchronization
import SystemPackage

/// The folders of a context that are still to be listed, taken by several threads, and the record of what each of them
/// held.
final class FolderQueue: Sendable {
    static let flags = O_RDONLY | O_DIRECTORY

    /// A folder with the number its listing will have, and the number of the one it lies in.
    private typealias Entry = (number: Int, parent: Int, folder: ContextScanner.Pending)

    private struct State: Sendable {
        var pending: [Entry]
        /// By number; `nil` for those that are not listed yet.
        var listings: [ContextListings.Folder?] = [nil]
        /// The root is the first.
        var nodeCount = 1
        var holdsHardLinks = false
        /// How many folders somebody is at.
        var running = 0
        var failure: (path: TreePath, error: BuildError)?

        mutating func add(
            _ listing: ContextScanner.Listing, recordedAt range: Range<Int>, as number: Int, in parent: Int,
            _ folder: ContextScanner.Pending
        ) {
            running -= 1
            listings[number] = ContextListings.Folder(
                range: range, count: listing.nodes.count, firstNode: nodeCount, firstFolder: listings.count,
                parent: parent, isIncluded: folder.isIncluded,
                holdsNodes: listing.nodes.count > listing.pending.count(where: { !$0.isIncluded }))
            nodeCount += listing.nodes.count
            if listing.nodes.holdsHardLinks { holdsHardLinks = true }
            guard failure == nil else { return }
            for folder in listing.pending {
                pending.append((listings.count, number, folder))
                listings.append(nil)
            }
        }

        /// Ends the walk. Of several errors the one of the first path is kept.
        mutating func fail(at path: TreePath, _ error: BuildError) {
            running -= 1
            pending = []
            if let failure, failure.path < path { return }
            failure = (path, error)
        }
    }

    private let scanner: ContextScanner
    private let root: Folder
    private let state: SharedState<State>
    private let spool: Mutex<ByteSpool>

    init(_ scanner: ContextScanner, _ root: consuming Folder, recordingIn recording: FilePath?) {
        self.scanner = scanner
        self.root = root
        state = SharedState(
            State(pending: [(number: 0, parent: 0, folder: ContextScanner.Pending(path: .root, verdict: nil))]))
        spool = Mutex(ByteSpool(in: recording))
    }

    /// Lists everything; number 0 is the root's listing. To be called once.
    func listings(threads: Int) throws(BuildError) -> ContextListings {
        // Many contexts are a few files, or one folder in another, of which helpers would find nothing to take.
        while pendingCount == 1, let entry = next() { list(entry) }
        let helpers = pendingCount > 1 ? helpers(threads - 1) : []
        work()
        for helper in helpers { helper.join() }
        let (listings, nodeCount, holdsHardLinks, failure) = state.update { state in
            (state.listings, state.nodeCount, state.holdsHardLinks, state.failure?.error)
        }
        if let failure { throw failure }
        var recorded = ByteSpool(in: nil)
        spool.withLock { swap(&$0, &recorded) }
        return ContextListings(
            listings.compactMap(\.self), nodeCount: nodeCount, mayHoldHardLinks: holdsHardLinks,
            bytes: recorded.finish())
    }

    private var pendingCount: Int { state.update { $0.pending.count } }

    /// So many threads, or fewer: where no further one can be had, those that are there do the work.
    private func helpers(_ count: Int) -> [JoinedThread] {
        var helpers: [JoinedThread] = []
        while helpers.count < count, let helper = try? JoinedThread({ self.work() }) { helpers.append(helper) }
        return helpers
    }

    private func work() {
        while let entry = next() { list(entry) }
    }

    private func list(_ entry: Entry) {
        do throws(BuildError) {
            let listing = try scanner.list(entry.folder, below: root)
            let bytes = listing.nodes.records.bytes
            let start = spool.withLock { spool in
                spool.append(bytes)
                return spool.count - bytes.count
            }
            let range = start..<start + bytes.count
            state.update {
                $0.add(listing, recordedAt: range, as: entry.number, in: entry.parent, entry.folder)
            }
        } catch {
            state.update { $0.fail(at: entry.folder.path, error) }
        }
    }

    private func next() -> Entry? {
        state.wait { state -> Entry?? in
            if let next = state.pending.popLast() {
                state.running += 1
                return next
            }
            return state.running == 0 ? .some(nil) : nil
        }
    }
}
