/// Rows of cells in columns, each as wide as its widest cell.
struct Table {
    let header: [String]
    let rows: [[String]]

    /// The lines, each ended. The header is left out if there are no rows.
    var text: String {
        guard !rows.isEmpty else { return "" }
        let lines = [header] + rows
        let widths = header.indices.map { column in lines.map { ScreenText.width($0[column]) }.max() ?? 0 }
        return lines.map { cells in
            let padded = zip(cells, widths).map { ScreenText.pad($0, $1) }.joined(separator: "  ")
            return String(padded.reversed().drop { $0 == " " }.reversed()) + "\n"
        }
        .joined()
    }
}
