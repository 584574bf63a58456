import Synchronization

/// The folders of a context that paths led through last: the next path mostly leads through the same ones.
final class RecentListings: Sendable {
    /// Deeper than most trees are.
    private static let limit = 16

    private let listings = Mutex<[(number: Int, nodes: [ContextManifest.Node])]>([])

    func nodes(of number: Int, in listings: ContextListings) throws(BuildError) -> [ContextManifest.Node] {
        if let nodes = self.listings.withLock({ $0.first { $0.number == number }?.nodes }) { return nodes }
        let nodes = try listings.nodes(of: number)
        self.listings.withLock { recent in
            if recent.count == Self.limit { recent.removeFirst() }
            recent.append((number, nodes))
        }
        return nodes
    }
}
