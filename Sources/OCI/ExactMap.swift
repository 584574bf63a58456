/// Values under names that are told apart by their bytes.
package struct ExactMap<Value> {
    private var values: [ExactText: Value] = [:]

    package init() {}

    package var isEmpty: Bool { values.isEmpty }

    /// By the bytes of the names.
    package var sorted: [(name: String, value: Value)] {
        values.sorted { $0.key < $1.key }.map { ($0.key.text, $0.value) }
    }

    /// Sorted by their bytes.
    package var names: [String] { values.keys.sorted().map(\.text) }

    package subscript(name: String) -> Value? {
        get { values[ExactText(name)] }
        set { values[ExactText(name)] = newValue }
    }

    package subscript(name: String, default fallback: @autoclosure () -> Value) -> Value {
        get { values[ExactText(name), default: fallback()] }
        _modify { yield &values[ExactText(name), default: fallback()] }
    }

    /// Sets a value; returns the one that was there.
    @discardableResult
    package mutating func updateValue(_ value: Value, forKey name: String) -> Value? {
        values.updateValue(value, forKey: ExactText(name))
    }

    package func mapValues<Other>(_ change: (Value) -> Other) -> ExactMap<Other> {
        var map = ExactMap<Other>()
        for (name, value) in values { map.values[name] = change(value) }
        return map
    }
}

extension ExactMap: Sendable where Value: Sendable {}
extension ExactMap: Equatable where Value: Equatable {}
extension ExactMap: Hashable where Value: Hashable {}

extension ExactMap: ExpressibleByDictionaryLiteral {
    package init(dictionaryLiteral elements: (String, Value)...) {
        for (name, value) in elements { values[ExactText(name)] = value }
    }
}
