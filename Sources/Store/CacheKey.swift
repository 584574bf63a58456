package import OCI

/// What a step's result depends on, as a list of named parts.
///
/// The encoding frames each part with its length, so no two lists of parts are the same bytes; it is both what is
/// hashed and what is kept to explain a later miss:
///
///     kind, then per ingredient: name, value        each: length (32 bits, little-endian), bytes
package struct CacheKey: Hashable, Sendable {
    /// What sort of step this is and the version of its meaning: `run/1`.
    package let kind: String
    /// The name under which the result is found.
    package let digest: Digest
    let encoded: [UInt8]

    package init(kind: String, ingredients: some Sequence<Ingredient>) {
        self.init(kind: kind) { list in
            for ingredient in ingredients { list.add(ingredient.name, ingredient.value) }
        }
    }

    /// Makes a key of tens of thousands of ingredients without making each of them a value.
    package init<Failure: Error>(
        kind: String, _ build: (inout IngredientList) throws(Failure) -> Void
    ) throws(Failure) {
        var list = IngredientList(kind: kind)
        try build(&list)
        self.kind = kind
        encoded = list.encoded
        digest = Digest.of(encoded)
    }

    /// Reads a key back; `nil` if the bytes are not the ones that `digest` names.
    init?(encoded: [UInt8], named digest: Digest) {
        guard Digest.of(encoded) == digest else { return nil }
        var reader = IngredientReader(bytes: encoded)
        guard let kind = reader.next() else { return nil }
        self.kind = String(decoding: kind, as: UTF8.self)
        self.encoded = encoded
        self.digest = digest
    }

    package var ingredients: [Ingredient] {
        var reader = IngredientReader(bytes: encoded)
        var ingredients: [Ingredient] = []
        guard reader.next() != nil else { return [] }
        while let name = reader.next(), let value = reader.next() {
            ingredients.append(Ingredient(Array(name), Array(value)))
        }
        return ingredients
    }
}

/// Reads parts that are framed by their length.
private struct IngredientReader {
    let bytes: [UInt8]
    var position = 0

    init(bytes: [UInt8]) { self.bytes = bytes }

    /// The next part; `nil` at the end and where a length leads beyond it.
    mutating func next() -> ArraySlice<UInt8>? {
        guard bytes.count - position >= 4 else { return nil }
        let length = (0..<4).reduce(0) { $0 | Int(bytes[position + $1]) << (8 * $1) }
        guard length <= bytes.count - position - 4 else { return nil }
        let part = bytes[position + 4..<position + 4 + length]
        position += 4 + length
        return part
    }
}
