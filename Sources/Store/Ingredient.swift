package import OCI

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
package struct IngredientList: Sendable {
    private(set) var encoded: [UInt8] = []

    init(kind: String) { append(Array(kind.utf8)) }

    package mutating func add(_ name: [UInt8], _ value: [UInt8]) {
        append(name)
        append(value)
    }

    package mutating func add(_ name: String, _ value: String) { add(Array(name.utf8), Array(value.utf8)) }
    package mutating func add(_ name: String, _ value: Digest) { add(name, value.description) }

    private mutating func append(_ part: [UInt8]) {
        // No part comes near 4 GiB: names and values are words of a recipe, paths and digests.
        withUnsafeBytes(of: UInt32(truncatingIfNeeded: part.count).littleEndian) { encoded.append(contentsOf: $0) }
        encoded.append(contentsOf: part)
    }
}
