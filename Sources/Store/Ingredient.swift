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

    private mutating func append(_ part: [UInt8]) {
        // No part comes near 4 GiB: names and values are words of a recipe, paths and digests.
        withUnsafeBytes(of: UInt32(truncatingIfNeeded: part.count).littleEndian) { rest.append(contentsOf: $0) }
        rest.append(contentsOf: part)
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
