import Glibc
import Linux
import OCI

/// The folders of a context that are still to be listed, taken by several threads, and what each of them held.
final class FolderQueue: Sendable {
    static let flags = O_RDONLY | O_DIRECTORY

    /// One folder's nodes, and the numbers of the listings of the folders among them.
    struct Listed: Sendable {
        var nodes: [ContextManifest.Node] = []
        var folders: [(index: Int, listing: Int)] = []
    }

    private struct State: Sendable {
        /// Folders with the numbers their listings will have.
        var pending: [(number: Int, folder: ContextScanner.Pending)]
        var listings: [Listed] = [Listed()]
        /// How many folders somebody is at.
        var running = 0
        var failure: (path: TreePath, error: BuildError)?

        mutating func add(_ listing: ContextScanner.Listing, as number: Int) {
            running -= 1
            listings[number].nodes = listing.nodes
            for (index, folder) in listing.pending where failure == nil {
                listings[number].folders.append((index, listings.count))
                pending.append((listings.count, folder))
                listings.append(FolderQueue.Listed())
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

    init(_ scanner: ContextScanner, _ root: consuming Folder) {
        self.scanner = scanner
        self.root = root
        state = SharedState(
            State(pending: [(number: 0, folder: ContextScanner.Pending(path: .root, verdict: nil))]))
    }

    /// Lists everything; number 0 is the root's listing.
    func listings(threads: Int) throws(BuildError) -> [Listed] {
        var helpers: [JoinedThread] = []
        for _ in 1..<max(1, threads) {
            // Where no further thread can be had, those that are there do the work.
            guard let helper = try? JoinedThread({ self.work() }) else { break }
            helpers.append(helper)
        }
        work()
        for helper in helpers { helper.join() }
        let (listings, failure) = state.update { state in
            var listings: [Listed] = []
            swap(&listings, &state.listings)
            return (listings, state.failure?.error)
        }
        if let failure { throw failure }
        return listings
    }

    private func work() {
        while let (number, folder) = next() {
            do throws(BuildError) {
                let listing = try scanner.list(folder, below: root)
                state.update { $0.add(listing, as: number) }
            } catch {
                state.update { $0.fail(at: folder.path, error) }
            }
        }
    }

    private func next() -> (number: Int, folder: ContextScanner.Pending)? {
        state.wait { state -> (number: Int, folder: ContextScanner.Pending)?? in
            if let next = state.pending.popLast() {
                state.running += 1
                return next
            }
            return state.running == 0 ? .some(nil) : nil
        }
    }
}
