import Builder
import OCI

/// A report on an image as one page of HTML that needs nothing else: no script, no picture, no font from elsewhere.
struct ReportPage {
    /// More rows than this help nobody.
    private static let rows = 40

    private let report: ImageReport

    init(_ report: ImageReport) { self.report = report }

    var html: String {
        let name = HTMLText(report.image.name).text
        return """
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
            <title>\(name) · layerbuild report</title>
            <style>
            \(ReportStyle.text)</style>
            </head>
            <body>
            <main>
            \(header)\(figures)\(map)\(layers)\(wasted)\(largest)<footer>Made by layerbuild \(Layerbuild.version). \
            Sizes of files are those of their contents; a layer is shipped compressed.</footer>
            </main>
            </body>
            </html>

            """
    }

    private var header: String {
        let facts = [
            report.image.config.map { $0.platform.description }, report.image.config?.created,
            report.image.root.map(\.description),
        ]
        .compactMap(\.self).map { "<span>\(HTMLText($0).text)</span>" }
        return """
            <header>
            <p class="kind">Image report</p>
            <h1>\(HTMLText(report.image.name).text)</h1>
            <p class="facts">\(facts.joined(separator: " "))</p>
            </header>

            """
    }

    private var figures: String {
        let shipped = report.image.layers.reduce(Int64(0)) { $0 + ($1.descriptor?.size ?? 0) }
        let share = report.carried > 0 ? Double(report.wasted) / Double(report.carried) : 0
        let figures = [
            ("Shipped", shipped.asSize, "\(report.layers.count) \(report.layers.count == 1 ? "layer" : "layers")"),
            ("Files", report.size.asSize, "\(report.entryCount) entries"),
            ("Carried", report.carried.asSize, "in all layers together"),
            ("Wasted", report.wasted.asSize, "\((share * 100).fixed(1)) % of what is carried"),
        ]
        let cells = figures.map { label, value, note in
            "<div class=\"figure\(label == "Wasted" && share >= 0.05 ? " warn" : "")\"><dt>\(label)</dt>"
                + "<dd>\(value)<small>\(note)</small></dd></div>\n"
        }
        return "<dl class=\"figures\">\n\(cells.joined())</dl>\n"
    }

    private var map: String {
        section(
            "What lies where", "Each colour is a layer; each box a folder or a file. Point at one to read its path."
        ) {
            report.carried > 0
                ? "<div class=\"map\">\(LayerDrawing(report).svg)</div>\n" : empty("No layer holds a file.")
        }
    }

    private func section(_ title: String, _ note: String, _ body: () -> String) -> String {
        "<section>\n<h2>\(title)</h2>\n<p class=\"note\">\(note)</p>\n\(body())</section>\n"
    }

    private func empty(_ text: String) -> String { "<p class=\"empty\">\(text)</p>\n" }
}

// The tables
extension ReportPage {
    private var layers: String {
        section(
            "Which line made what", "The lines of the recipe from the first to the last, those of the base included."
        ) {
            let largest = max(1, report.layers.map(\.size).max() ?? 1)
            var number = 0
            let said: [(text: String?, makesLayer: Bool)] = report.image.lines.map { line in
                (line.history.createdBy ?? line.history.comment, line.layer != nil)
            }
            let lines = said.isEmpty ? report.layers.map { _ in (text: String?.none, makesLayer: true) } : said
            let rows = lines.map { line, makesLayer -> String in
                let text = "<code>\(HTMLText(line ?? "not said").text)</code>"
                guard makesLayer, number < report.layers.count else {
                    return "<tr class=\"quiet\"><td></td><td>\(text)</td><td></td><td></td><td></td><td></td></tr>\n"
                }
                number += 1
                return row(report.layers[number - 1], number, text, largest)
            }
            return table(
                ["", "Line", "Shipped", "Files", "Wasted", ""], numbers: [2, 3, 4], rows: rows, style: "lines")
        }
    }

    private func row(_ layer: ImageReport.Layer, _ number: Int, _ text: String, _ largest: Int64) -> String {
        let width = (Double(layer.size) / Double(largest) * 100).fixed(1)
        let wasted = layer.wasted > 0 ? "<span class=\"waste\">\(layer.wasted.asSize)</span>" : ""
        return "<tr><td><i class=\"dot c\((number - 1) % 8)\"></i>\(number)</td><td>\(text)</td>"
            + "<td>\(layer.layer.descriptor?.size.asSize ?? "")</td><td>\(layer.size.asSize)</td><td>\(wasted)</td>"
            + "<td class=\"bar\"><i class=\"c\((number - 1) % 8)\" style=\"width:\(width)%\"></i></td></tr>\n"
    }

    private var wasted: String {
        section("Carried for nothing", "Files of one layer that a later one hides. They are shipped all the same.") {
            guard !report.losses.isEmpty else { return empty("Nothing: every file that is shipped is also there.") }
            let rows = report.losses.prefix(Self.rows).map { loss in
                "<tr><td><code>\(EscapedPath(loss.path).text)</code></td><td>\(loss.size.asSize)</td>"
                    + "<td>\(dot(loss.layer))</td><td>\(loss.reason.rawValue) in \(dot(loss.hiddenBy))</td></tr>\n"
            }
            return table(["Path", "Size", "From", "What became of it"], numbers: [1], rows: rows)
                + more(report.losses.count, "files")
        }
    }

    private var largest: String {
        section("The largest files", "Of the image as it is, and the layer that brings each.") {
            guard !report.largest.isEmpty else { return empty("There are no files.") }
            let rows = report.largest.prefix(Self.rows).map { file in
                "<tr><td><code>\(EscapedPath(file.path).text)</code></td><td>\(file.size.asSize)</td>"
                    + "<td>\(dot(file.layer))</td></tr>\n"
            }
            return table(["Path", "Size", "Layer"], numbers: [1], rows: rows) + more(report.largest.count, "files")
        }
    }

    private func dot(_ layer: Int) -> String {
        "<span class=\"from\"><i class=\"dot c\(layer % 8)\"></i>\(layer + 1)</span>"
    }

    private func more(_ count: Int, _ what: String) -> String {
        count > Self.rows ? "<p class=\"note\">and \(count - Self.rows) more \(what)</p>\n" : ""
    }

    private func table(_ header: [String], numbers: Set<Int>, rows: [String], style: String = "") -> String {
        let cells = header.enumerated().map { index, text in
            "<th\(numbers.contains(index) ? " class=\"number\"" : "")>\(text)</th>"
        }
        return
            "<div class=\"scroll\"><table\(style.isEmpty ? "" : " class=\"\(style)\"")>\n<thead><tr>\(cells.joined())"
            + "</tr></thead>\n<tbody>\n\(rows.joined())</tbody>\n</table></div>\n"
    }
}
