/// Cuts a command's output into lines, however it comes in pieces.
struct LineSplitter: Sendable {
    /// What a carriage return in the middle of a line means.
    enum Returns: Sendable {
        /// As on a terminal: what stood before it is gone.
        case overwrite
        /// It ends a line, so that nothing is lost.
        case end
    }

    /// Longer lines are cut into several.
    static let maximumLength = 1 << 16

    private let returns: Returns
    private var rest: [UInt8] = []

    init(returns: Returns) { self.returns = returns }

    /// The lines that are complete now.
    mutating func append(_ piece: some Sequence<UInt8>) -> [String] {
        var lines: [String] = []
        for byte in piece {
            switch byte {
            case UInt8(ascii: "\n"): lines.append(take())
            case UInt8(ascii: "\r") where returns == .end: if !rest.isEmpty { lines.append(take()) }
            default:
                if rest.last == UInt8(ascii: "\r") { rest.removeAll(keepingCapacity: true) }
                rest.append(byte)
                if rest.count == Self.maximumLength { lines.append(take()) }
            }
        }
        return lines
    }

    /// The unfinished line at the end; `nil` if there is none.
    mutating func finish() -> String? { rest.isEmpty ? nil : take() }

    /// The unfinished line as it looks now.
    var unfinished: String {
        PrintableLine(rest.last == UInt8(ascii: "\r") ? rest[..<(rest.count - 1)] : rest[...]).text
    }

    private mutating func take() -> String {
        if rest.last == UInt8(ascii: "\r") { rest.removeLast() }
        defer { rest.removeAll(keepingCapacity: true) }
        return PrintableLine(rest).text
    }
}
