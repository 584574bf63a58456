import Linux
package import OCI
package import SystemPackage

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
    let text: SpooledBytes

    package init(kind: String, ingredients: some Sequence<Ingredient>) {
        self.init(kind: kind) { list in
            for ingredient in ingredients { list.add(ingredient.name, ingredient.value) }
        }
    }

    /// Makes a key of very many ingredients without making each of them a value.
    ///
    /// `folder`: where a long text may be kept; `nil` keeps it in memory.
    package init<Failure: Error>(
        kind: String, keepingIn folder: FilePath? = nil, _ build: (inout IngredientList) throws(Failure) -> Void
    ) throws(Failure) {
        var list = IngredientList(kind: kind, keepingIn: folder)
        try build(&list)
        self.kind = kind
        (text, digest) = list.finish()
    }

    /// Reads a key back; `nil` if the text is not the one that `digest` names.
    init?(_ text: SpooledBytes, named digest: Digest) throws(SyscallError) {
        var hasher = DigestHasher()
        try text.forEachPortion { hasher.update($0) }
        guard hasher.finish() == digest else { return nil }
        var reader = IngredientReader(text)
        guard let kind = try reader.nextPart() else { return nil }
        self.kind = String(decoding: kind, as: UTF8.self)
        self.text = text
        self.digest = digest
    }

    package static func == (left: CacheKey, right: CacheKey) -> Bool { left.digest == right.digest }

    package func hash(into hasher: inout Hasher) { hasher.combine(digest) }
}
