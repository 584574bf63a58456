package import OCI

/// What differs between two trees, path by path. Times are not compared: they differ whenever somebody builds.
package struct TreeComparison: Sendable {
    package enum Difference: Hashable, Sendable {
        case added(InspectedFile)
        case removed(InspectedFile)
        case changed(from: InspectedFile, to: InspectedFile)

        package var path: TreePath {
            switch self {
            case .added(let entry), .removed(let entry), .changed(_, let entry): entry.path
            }
        }

        /// How many bytes more there are.
        package var growth: Int64 {
            switch self {
            case .added(let entry): entry.size
            case .removed(let entry): -entry.size
            case .changed(let old, let new): new.size - old.size
            }
        }
    }

    /// Sorted by path.
    package let differences: [Difference]

    /// Both trees must have been listed with the contents of their files named.
    package init(from old: InspectedTree, to new: InspectedTree) {
        var differences: [Difference] = []
        var (left, right) = (old.entries[...], new.entries[...])
        while true {
            let (before, after) = (left.first, right.first)
            if let before, after.map({ before.path < $0.path }) ?? true {
                differences.append(.removed(before))
                left.removeFirst()
            } else if let after, before.map({ after.path < $0.path }) ?? true {
                differences.append(.added(after))
                right.removeFirst()
            } else if let before, let after {
                if !before.isSame(as: after) { differences.append(.changed(from: before, to: after)) }
                left.removeFirst()
                right.removeFirst()
            } else {
                break
            }
        }
        self.differences = differences
    }
}
