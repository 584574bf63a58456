import Layers
import Linux

/// What each folder of a context holds: recorded by the walk, and read when it is asked for.
struct ContextListings: Sendable {
    /// What is known of one folder without reading.
    struct Folder: Sendable {
        /// Where its nodes are recorded, and how many.
        let range: Range<Int>
        let count: Int
        /// The number of its first node.
        let firstNode: Int
        /// The listing of the first folder in it; those of the others come after it.
        let firstFolder: Int
        /// The listing that it is in; its own for the root.
        let parent: Int
        /// False for a folder that is only here for what an exception brings back below it.
        let isIncluded: Bool
        /// True if there is something in it that is part of the context.
        var holdsNodes: Bool
    }

    /// A folder's nodes on their way into the record.
    struct Nodes: Sendable {
        private(set) var records = RecordBuffer()
        private(set) var count = 0
        /// True if a regular file among them has further names, wherever these are.
        private(set) var holdsHardLinks = false

        mutating func append(_ name: [UInt8], _ status: FileStatus, isIncluded: Bool) {
            records.put(name)
            records.put(UInt64(isIncluded ? 1 : 0))
            records.put(status)
            count += 1
            if status.kind == .regular, status.linkCount > 1 { holdsHardLinks = true }
        }
    }

    let nodeCount: Int
    let mayHoldHardLinks: Bool
    private let folders: [Folder]
    private let bytes: SpooledBytes

    /// `folders`: each one after the one it lies in.
    init(_ folders: [Folder], nodeCount: Int, mayHoldHardLinks: Bool, bytes: SpooledBytes) {
        self.mayHoldHardLinks = mayHoldHardLinks
        var folders = folders
        for number in folders.indices.dropFirst().reversed()
        where folders[number].holdsNodes { folders[folders[number].parent].holdsNodes = true }
        self.folders = folders
        self.nodeCount = nodeCount
        self.bytes = bytes
    }

    /// A folder's nodes, sorted by the bytes of their names.
    func nodes(of number: Int) throws(BuildError) -> [ContextManifest.Node] {
        let folder = folders[number]
        var records: RecordBuffer
        do { records = RecordBuffer(try bytes.bytes(in: folder.range)) } catch {
            throw BuildError(error, doing: "reading the list of the context's files")
        }
        var nodes: [ContextManifest.Node] = []
        nodes.reserveCapacity(folder.count)
        var next = folder.firstFolder
        for index in 0..<folder.count {
            let name = records.takeSlice()
            let isIncluded = records.takeUnsigned() == 1
            let status = records.takeStatus()
            let listing = status.kind == .folder ? next : nil
            if let listing {
                next += 1
                if !isIncluded, !folders[listing].holdsNodes { continue }
            }
            nodes.append(
                ContextManifest.Node(
                    name: name, status: status, isIncluded: isIncluded, number: folder.firstNode + index,
                    listing: listing))
        }
        return nodes
    }
}
