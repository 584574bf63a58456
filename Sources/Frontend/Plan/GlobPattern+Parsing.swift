extension GlobPattern {
    /// The characters of a name. A byte that is not part of UTF-8 gets a number above all characters.
    static func characters(of bytes: some Collection<UInt8>) -> [UInt32] {
        var characters: [UInt32] = []
        characters.reserveCapacity(bytes.count)
        var rest = Array(bytes)[...]
        while let byte = rest.first {
            if byte < 0x80 {
                characters.append(UInt32(byte))
                rest = rest.dropFirst()
                continue
            }
            var decoder = UTF8()
            var iterator = rest.prefix(4).makeIterator()
            if case .scalarValue(let scalar) = decoder.decode(&iterator) {
                characters.append(scalar.value)
                rest = rest.dropFirst(UTF8.width(scalar))
            } else {
                characters.append(0x11_0000 + UInt32(byte))
                rest = rest.dropFirst()
            }
        }
        return characters
    }

    static func parse(_ text: [UInt32], _ grammar: Grammar) -> [Element]? {
        if grammar == .tree, let elements = parseEnding(text) { return elements }
        var elements: [Element] = []
        var rest = text[...]
        while let character = rest.popFirst() {
            switch character {
            case 0x2A where grammar == .tree && rest.first == 0x2A:
                rest.removeFirst()
                if rest.first == slash { rest.removeFirst() }
                elements.append(rest.isEmpty ? .rest : .folders)
            case 0x2A: elements.append(.star)
            case 0x3F: elements.append(.anyInName)
            case 0x5B:
                guard let set = parseClass(&rest) else { return nil }
                elements.append(.class(set))
            case 0x5C:
                guard let escaped = rest.popFirst() else { return nil }
                elements.append(.character(escaped))
            default: elements.append(.character(character))
            }
        }
        return elements
    }

    /// A leading `**` that no `/` follows makes the end of any path (`**.o`) if nothing else in the pattern is special:
    /// this is how moby's matcher reads it.
    private static func parseEnding(_ text: [UInt32]) -> [Element]? {
        let end = text.dropFirst(2)
        guard text.starts(with: [0x2A, 0x2A]), end.first != slash else { return nil }
        guard !end.contains(where: { [0x2A, 0x3F, 0x5B, 0x5C, 0x5D].contains($0) }) else { return nil }
        return [.rest] + end.map(Element.character)
    }

    /// What follows the `[`, to the `]`.
    private static func parseClass(_ rest: inout ArraySlice<UInt32>) -> Class? {
        var set = Class()
        if rest.first == 0x5E {
            set.isNegated = true
            rest.removeFirst()
        }
        while true {
            if rest.first == 0x5D, !set.ranges.isEmpty {
                rest.removeFirst()
                return set
            }
            guard let low = parseMember(&rest) else { return nil }
            guard rest.first == 0x2D else {
                set.ranges.append(low...low)
                continue
            }
            rest.removeFirst()
            guard let high = parseMember(&rest), low <= high else { return nil }
            set.ranges.append(low...high)
        }
    }

    private static func parseMember(_ rest: inout ArraySlice<UInt32>) -> UInt32? {
        guard let character = rest.popFirst(), character != 0x2D, character != 0x5D else { return nil }
        return character == 0x5C ? rest.popFirst() : character
    }
}
