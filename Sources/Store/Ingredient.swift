import Linux
package import OCI
import SystemPackage

/// One named part of a cache key. Names and values are bytes, because file names are.
package struct Ingredient: Hashable, Sendable {
    package let name: [UInt8]
    package let value: [UInt8]

    package init(_ name: [UInt8], _ value: [UInt8]) {
        self.name = name
        self.value = value
    }

    package init(_ name: String, _ value: String) { self.init(Array(name.utf8), Array(value.utf8)) }
    package init(_ name: String, _ value: Digest) { self.init(name, value.description) }
}

/// The ingredients of a key that is being put together.
package struct IngredientList: ~Copyable, Sendable {
    private static let portion = 1 << 16

    private var text: ByteSpool
    private var hasher = DigestHasher()
    /// What is neither hashed nor in the text yet.
    private var rest: [UInt8] = []

    /// `folder`: where a long text may be kept; `nil` keeps it in memory.
    init(kind: String, keepingIn folder: FilePath?) {
        text = ByteSpool(in: folder)
        append(Array(kind.utf8))
    }

    package mutating func add(_ name: [UInt8], _ value: [UInt8]) {
        append(name)
        append(value)
    }

    package mutating func add(_ name: String, _ value: String) { add(Array(name.utf8), Array(value.utf8)) }
    package mutating func add(_ name: String, _ value: Digest) { add(name, value.description) }

    /// The same for very many: both parts are written where they will lie.
    package mutating func add<Failure: Error>(
        nameOf name: (inout [UInt8]) -> Void, _ value: (inout [UInt8]) throws(Failure) -> Void
    ) throws(Failure) {
        let start = beginPart()
        name(&rest)
        endPart(from: start)
        let middle = beginPart()
        try value(&rest)
        endPart(from: middle)
    }

    private mutating func append(_ part: [UInt8]) {
        let start = beginPart()
        rest.append(contentsOf: part)
        endPart(from: start)
    }

    /// Leaves room for the length.
    private mutating func beginPart() -> Int {
        rest.append(contentsOf: [0, 0, 0, 0])
        return rest.count
    }

    private mutating func endPart(from start: Int) {
        // No part comes near 4 GiB: names and values are words of a recipe, paths and digests.
        let length = UInt32(truncatingIfNeeded: rest.count - start)
        for index in 0..<4 { rest[start - 4 + index] = UInt8(truncatingIfNeeded: length >> (8 * index)) }
        if rest.count >= Self.portion { passOn() }
    }

    private mutating func passOn() {
        hasher.update(rest)
        text.append(rest)
        rest.removeAll(keepingCapacity: true)
    }

    consuming func finish() -> (text: SpooledBytes, digest: Digest) {
        passOn()
        return (text.finish(), hasher.finish())
    }
}
