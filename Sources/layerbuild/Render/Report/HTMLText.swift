/// Text for a page of HTML, with nothing left in it that a browser would take for markup.
struct HTMLText {
    /// Fit for elements and for values of attributes in double quotes.
    let text: String

    /// Bytes that no one vouches for: names of files, lines of recipes.
    init(_ bytes: some Collection<UInt8>) {
        text = PrintableLine(bytes).text.unicodeScalars.reduce(into: "") { result, scalar in
            switch scalar {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            case "'": result += "&#39;"
            default: result.unicodeScalars.append(scalar)
            }
        }
    }

    init(_ text: String) { self.init(Array(text.utf8)) }
}
