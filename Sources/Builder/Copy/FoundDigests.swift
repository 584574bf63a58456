import OCI

/// What a build has found of the contents of one context's files, by the numbers of the context's nodes.
///
/// A page at a time, as most contexts have few of them.
struct FoundDigests: Sendable {
    private static let page = 256

    /// Those that the store does not remember, as their files were changed a moment ago.
    private var fresh: [[Digest?]]
    /// Which of the store's records is the node's, counted from 1; 0 says that none is.
    private var records: [[UInt32]]
    /// How many nodes have a record.
    private(set) var recordCount = 0

    init(count: Int) {
        fresh = Array(repeating: [], count: count / Self.page + 1)
        records = Array(repeating: [], count: count / Self.page + 1)
    }

    func digest(of node: Int) -> Digest? {
        let page = node / Self.page
        return fresh[page].isEmpty ? nil : fresh[page][node % Self.page]
    }

    func record(of node: Int) -> Int? {
        let page = node / Self.page
        guard !records[page].isEmpty, records[page][node % Self.page] > 0 else { return nil }
        return Int(records[page][node % Self.page]) - 1
    }

    mutating func note(_ digest: Digest, of node: Int) {
        let page = node / Self.page
        if fresh[page].isEmpty { fresh[page] = Array(repeating: nil, count: Self.page) }
        fresh[page][node % Self.page] = digest
    }

    mutating func note(record: Int, of node: Int) {
        let page = node / Self.page
        if records[page].isEmpty { records[page] = Array(repeating: 0, count: Self.page) }
        if records[page][node % Self.page] == 0 { recordCount += 1 }
        records[page][node % Self.page] = UInt32(truncatingIfNeeded: record + 1)
    }
}
