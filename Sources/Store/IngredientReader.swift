import Linux

/// Reads the text of a key, some of it at a time.
struct IngredientReader {
    private static let portion = 1 << 16

    private let text: SpooledBytes
    private var window: [UInt8] = []
    /// Within the window, and of its end within the text.
    private var position = 0
    private var end = 0

    init(_ text: SpooledBytes) { self.text = text }

    /// The next part; `nil` at the end and where a length leads beyond it.
    mutating func nextPart() throws(SyscallError) -> ArraySlice<UInt8>? {
        guard try reach(4) else { return nil }
        let length = (0..<4).reduce(0) { $0 | Int(window[position + $1]) << (8 * $1) }
        guard try reach(4 + length) else { return nil }
        defer { position += 4 + length }
        return window[position + 4..<position + 4 + length]
    }

    /// The next ingredient, when the kind was read.
    mutating func next() throws(SyscallError) -> (name: ArraySlice<UInt8>, value: ArraySlice<UInt8>)? {
        guard let name = try nextPart(), let value = try nextPart() else { return nil }
        return (name, value)
    }

    /// Has that many bytes in the window from the position on; false if there are no more.
    private mutating func reach(_ count: Int) throws(SyscallError) -> Bool {
        let there = window.count - position
        guard there < count else { return true }
        guard count - there <= text.count - end else { return false }
        let next = min(end + max(count - there, Self.portion), text.count)
        window = Array(window[position...]) + (try text.bytes(in: end..<next))
        (position, end) = (0, next)
        return true
    }
}
