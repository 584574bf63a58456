import Linux

/// Finds out in what the texts of two keys differ.
///
/// They are read side by side: as long as the names are the same each stands for its like, and most keys of one step
/// have the same names but for a few. Where they part, both are read ahead until a name comes that both have.
struct KeyComparison {
    /// How far is read ahead, in ingredients. Names of which the like is not within reach are matched at the end.
    private static let reach = 1 << 14

    private var old: Side
    private var new: Side
    private var found: [IngredientChange] = []

    init(_ old: SpooledBytes, _ new: SpooledBytes) {
        self.old = Side(old)
        self.new = Side(new)
    }

    /// One of the texts.
    private struct Side {
        private var reader: IngredientReader
        /// Ingredients that were read ahead; the next one last.
        private var ahead: [Ingredient] = []
        /// Those that stand for nothing of the other side yet.
        private(set) var unmatched: [Ingredient] = []

        init(_ text: SpooledBytes) { reader = IngredientReader(text) }

        mutating func skipKind() throws(SyscallError) { _ = try reader.nextPart() }

        mutating func next() throws(SyscallError) -> (name: ArraySlice<UInt8>, value: ArraySlice<UInt8>)? {
            if let next = ahead.popLast() { return (next.name[...], next.value[...]) }
            return try reader.next()
        }

        /// Takes what was read: the first of it stays without its like, the others come again.
        mutating func take(_ read: ReadAhead, unmatched count: Int) {
            unmatched += read.ingredients[..<count]
            ahead += read.ingredients[count...].reversed()
        }
    }

    /// What was read ahead on one side.
    private struct ReadAhead {
        private(set) var ingredients: [Ingredient] = []
        /// Where each name stands first.
        private(set) var places: [[UInt8]: Int] = [:]

        mutating func append(_ next: (name: ArraySlice<UInt8>, value: ArraySlice<UInt8>)?) {
            guard let next else { return }
            let ingredient = Ingredient(Array(next.name), Array(next.value))
            if places[ingredient.name] == nil { places[ingredient.name] = ingredients.count }
            ingredients.append(ingredient)
        }
    }

    /// To be called once.
    mutating func changes() throws(SyscallError) -> [IngredientChange] {
        try old.skipKind()
        try new.skipKind()
        while true {
            let (before, after) = (try old.next(), try new.next())
            if let before, let after, before.name == after.name {
                guard before.value != after.value else { continue }
                found.append(
                    .changed(name: Array(after.name), from: Array(before.value), to: Array(after.value)))
            } else {
                guard before != nil || after != nil else { break }
                try readAhead(before, after)
            }
        }
        matchRest()
        return found
    }

    /// Reads both sides on to the first name that both have.
    private mutating func readAhead(
        _ before: (name: ArraySlice<UInt8>, value: ArraySlice<UInt8>)?,
        _ after: (name: ArraySlice<UInt8>, value: ArraySlice<UInt8>)?
    ) throws(SyscallError) {
        var (olds, news) = (ReadAhead(), ReadAhead())
        olds.append(before)
        news.append(after)
        while true {
            if let name = olds.ingredients.last?.name, let place = news.places[name], let own = olds.places[name] {
                old.take(olds, unmatched: own)
                return new.take(news, unmatched: place)
            }
            if let name = news.ingredients.last?.name, let place = olds.places[name], let own = news.places[name] {
                old.take(olds, unmatched: place)
                return new.take(news, unmatched: own)
            }
            let count = olds.ingredients.count + news.ingredients.count
            if count < 2 * Self.reach {
                olds.append(try old.next())
                news.append(try new.next())
            }
            guard olds.ingredients.count + news.ingredients.count > count else { break }
        }
        old.take(olds, unmatched: olds.ingredients.count)
        new.take(news, unmatched: news.ingredients.count)
    }

    /// A name and which of its occurrences.
    private struct Occurrence: Hashable {
        let name: [UInt8]
        let number: Int
    }

    private mutating func matchRest() {
        let (old, new) = (Self.byName(old.unmatched), Self.byName(new.unmatched))
        for (name, value) in new {
            switch old[name] {
            case nil: found.append(.added(name: name.name, value: value))
            case let before? where before != value: found.append(.changed(name: name.name, from: before, to: value))
            case _?: continue
            }
        }
        for (name, value) in old where new[name] == nil { found.append(.removed(name: name.name, value: value)) }
    }

    private static func byName(_ ingredients: [Ingredient]) -> [Occurrence: [UInt8]] {
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
