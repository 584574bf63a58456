/// Text in the cells of a terminal: one character may take none, one or two of them.
enum ScreenText {
    private static let tabWidth = 8

    /// How many columns the text takes. Control characters count as none.
    static func width(_ text: String) -> Int {
        text.unicodeScalars.reduce(0) { $0 + width($1) }
    }

    /// The text with tabs as blanks, cut to so many columns; `…` says that something was cut.
    static func fit(_ text: String, _ columns: Int) -> String {
        let text = text.utf8.contains(UInt8(ascii: "\t")) ? untabbed(text) : text
        guard width(text) > columns else { return text }
        var result = String.UnicodeScalarView()
        var room = columns - 1
        for scalar in text.unicodeScalars {
            room -= width(scalar)
            if room < 0 { break }
            result.append(scalar)
        }
        return columns > 0 ? String(result) + "…" : ""
    }

    /// The text followed by blanks up to so many columns.
    static func pad(_ text: String, _ columns: Int) -> String {
        text + String(repeating: " ", count: max(0, columns - width(text)))
    }

    private static func untabbed(_ text: String) -> String {
        var result = ""
        var column = 0
        for scalar in text.unicodeScalars {
            let count = scalar == "\t" ? tabWidth - column % tabWidth : width(scalar)
            if scalar == "\t" {
                result += String(repeating: " ", count: count)
            } else {
                result.unicodeScalars.append(scalar)
            }
            column += count
        }
        return result
    }

    private static func width(_ scalar: Unicode.Scalar) -> Int {
        if (0x20..<0x7F).contains(scalar.value) { return 1 }
        switch scalar.properties.generalCategory {
        case .control, .format, .nonspacingMark, .enclosingMark: return 0
        default: return wide.contains { $0.contains(scalar.value) } ? 2 : 1
        }
    }

    /// The blocks whose characters take two columns (UAX #11, classes W and F).
    private static let wide: [ClosedRange<UInt32>] = [
        0x1100...0x115F, 0x231A...0x231B, 0x23E9...0x23EC, 0x2614...0x2615, 0x2705...0x2705, 0x2728...0x2728,
        0x274C...0x274C, 0x2E80...0x303E, 0x3041...0x33FF, 0x3400...0x4DBF, 0x4E00...0x9FFF, 0xA000...0xA4CF,
        0xA960...0xA97C, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F, 0xFF00...0xFF60, 0xFFE0...0xFFE6,
        0x17000...0x18CFF, 0x1B000...0x1B2FF, 0x1F300...0x1F64F, 0x1F680...0x1F6FF, 0x1F900...0x1F9FF,
        0x20000...0x3FFFD,
    ]
}
