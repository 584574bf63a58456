/// Values under names that are told apart by their bytes.
package struct ExactMap<Value: Hashable & Sendable>: Hashable, Sendable {
    private var values: [ExactText: Value] = [:]

    package init() {}

    package var isEmpty: Bool { values.isEmpty }

    /// By the bytes of the names.
    package var sorted: [(name: String, value: Value)] {
        values.sorted { $0.key < $1.key }.map { ($0.key.text, $0.value) }
    }

    package subscript(name: String) -> Value? {
        get { values[ExactText(name)] }
        set { values[ExactText(name)] = newValue }
    }
}

extension ExactMap: ExpressibleByDictionaryLiteral {
    package init(dictionaryLiteral elements: (String, Value)...) {
        for (name, value) in elements { values[ExactText(name)] = value }
    }
}
