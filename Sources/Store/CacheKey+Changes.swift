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
    package func changes(since earlier: CacheKey) -> [IngredientChange] {
        guard digest != earlier.digest else { return [] }
        let (oldList, newList) = (earlier.ingredients, ingredients)
        var changes: [IngredientChange] = []
        // As long as the names run side by side each stands for its like; most keys of one step do to the end.
        var same = 0
        while same < oldList.count, same < newList.count, oldList[same].name == newList[same].name {
            let (before, after) = (oldList[same].value, newList[same].value)
            if before != after { changes.append(.changed(name: newList[same].name, from: before, to: after)) }
            same += 1
        }
        let (old, new) = (Self.byName(oldList[same...]), Self.byName(newList[same...]))
        for (name, value) in new {
            switch old[name] {
            case nil: changes.append(.added(name: name.name, value: value))
            case let before? where before != value: changes.append(.changed(name: name.name, from: before, to: value))
            case _?: continue
            }
        }
        for (name, value) in old where new[name] == nil { changes.append(.removed(name: name.name, value: value)) }
        changes.sort { $0.name.lexicographicallyPrecedes($1.name) }
        if kind != earlier.kind {
            changes.insert(
                .changed(name: Array("kind".utf8), from: Array(earlier.kind.utf8), to: Array(kind.utf8)), at: 0)
        }
        return changes
    }

    /// A name and which of its occurrences.
    private struct Occurrence: Hashable {
        let name: [UInt8]
        let number: Int
    }

    private static func byName(_ ingredients: ArraySlice<Ingredient>) -> [Occurrence: [UInt8]] {
        var seen: [[UInt8]: Int] = [:]
        var values: [Occurrence: [UInt8]] = [:]
        for ingredient in ingredients {
            let number = seen[ingredient.name, default: 0]
            seen[ingredient.name] = number + 1
            values[Occurrence(name: ingredient.name, number: number)] = ingredient.value
        }
        return values
    }
}
