import Linux

/// How an ingredient differs between two keys.
package enum IngredientChange: Hashable, Sendable {
    case added(name: [UInt8], value: [UInt8])
    case removed(name: [UInt8], value: [UInt8])
    case changed(name: [UInt8], from: [UInt8], to: [UInt8])

    package var name: [UInt8] {
        switch self {
        case .added(let name, _), .removed(let name, _), .changed(let name, _, _): name
        }
    }
}

extension CacheKey {
    /// What made this key different from an earlier one, by name; empty if nothing did.
    ///
    /// Where a name stands several times, its first occurrence is compared with the first, and so on. Another kind
    /// shows as a change of `kind`.
    package func changes(since earlier: CacheKey) throws(StoreError) -> [IngredientChange] {
        guard digest != earlier.digest else { return [] }
        var comparison = KeyComparison(earlier.text, text)
        var changes = try attempt("reading the ingredients of cache keys") { () throws(SyscallError) in
            try comparison.changes()
        }
        changes.sort { $0.name.lexicographicallyPrecedes($1.name) }
        if kind != earlier.kind {
            changes.insert(
                .changed(name: Array("kind".utf8), from: Array(earlier.kind.utf8), to: Array(kind.utf8)), at: 0)
        }
        return changes
    }
}
