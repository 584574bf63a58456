/// An input that people can write: lines, an empty line, and the rest.
struct InputParts {
    let lines: [ArraySlice<UInt8>]
    /// Everything, if no line is empty.
    let rest: [UInt8]

    init(_ input: [UInt8]) {
        let newline = UInt8(ascii: "\n")
        var lines: [ArraySlice<UInt8>] = []
        var start = 0
        while let end = input[start...].firstIndex(of: newline) {
            if end == start {
                self.lines = lines
                rest = Array(input[(end + 1)...])
                return
            }
            lines.append(input[start..<end])
            start = end + 1
        }
        self.lines = []
        rest = input
    }
}
