import Builder
import OCI

/// The layers of an image as one treemap: layers within it, folders within them, files within those.
struct LayerDrawing {
    private static let canvas = Rectangle(x: 0, y: 0, width: 1160, height: 560)
    /// Parts with less room than this are not drawn: nobody could see them.
    private static let smallest = 36.0
    private static let title = 22.0
    private static let deepest = 5

    private let report: ImageReport

    init(_ report: ImageReport) { self.report = report }

    var svg: String {
        let layers = report.layers.enumerated().filter { $0.element.size > 0 }
            .sorted { ($1.element.size, $0.offset) < ($0.element.size, $1.offset) }
        let parts = Treemap.parts(layers.map { Double($0.element.size) }, of: Self.canvas)
        let drawn = zip(layers, parts).map { layer, part in draw(layer.element, number: layer.offset, in: part) }
        return """
            <svg viewBox="0 0 \(Self.canvas.width.plain) \(Self.canvas.height.plain)" role="img" \
            aria-label="The layers of the image by the size of their files">
            \(drawn.joined())</svg>
            """
    }

    private func draw(_ layer: ImageReport.Layer, number: Int, in part: Rectangle) -> String {
        let frame = part.inset(1.5)
        guard frame.area > Self.smallest else { return "" }
        let line = layer.layer.history?.createdBy ?? ""
        let tip = "Layer \(number + 1) · \(layer.size.asSize)" + (line.isEmpty ? "" : "\n\(line)")
        let inner = frame.inset(3, top: Self.hasTitle(frame) ? Self.title - 2 : 0)
        return "<g class=\"c\(number % 8)\">\n"
            + Self.box(frame, style: "l", tip: Self.tip(tip), radius: 5)
            + (Self.hasTitle(frame)
                ? Self.label("Layer \(number + 1) · \(layer.size.asSize)", in: frame, style: "t", x: 8, y: 16) : "")
            + draw(SizeTree(.root, layer.files[...]).children, depth: 1, in: inner) + "</g>\n"
    }

    private func draw(_ trees: [SizeTree], depth: Int, in room: Rectangle) -> String {
        let parts = Treemap.parts(trees.map { Double($0.size) }, of: room)
        return zip(trees, parts).map { tree, part in
            let frame = part.inset(0.75)
            guard frame.area > Self.smallest else { return "" }
            let tip = "\(EscapedPath(tree.path).text) · \(tree.size.asSize)"
            let name = PrintableLine(tree.path.name).text
            let isFolder = !tree.children.isEmpty
            let hasRoom = isFolder && frame.width > 70 && frame.height > 44 && depth < Self.deepest
            let inner = hasRoom ? draw(tree.children, depth: depth + 1, in: frame.inset(2, top: 14)) : ""
            return Self.box(frame, style: "d\(min(depth, 4))", tip: tip, radius: 2)
                + Self.label(name + (isFolder ? "/" : ""), in: frame, style: "n", x: 4, y: 12) + inner
        }
        .joined()
    }

    private static func hasTitle(_ frame: Rectangle) -> Bool { frame.width > 90 && frame.height > 40 }

    private static func tip(_ text: String) -> String {
        text.split(separator: "\n", maxSplits: 1).map { HTMLText(String($0.prefix(400))).text }.joined(separator: "\n")
    }

    /// `tip` is escaped already.
    private static func box(_ frame: Rectangle, style: String, tip: String, radius: Int) -> String {
        "<rect class=\"\(style)\" x=\"\(frame.x.plain)\" y=\"\(frame.y.plain)\" width=\"\(frame.width.plain)\" "
            + "height=\"\(frame.height.plain)\" rx=\"\(radius)\"><title>\(tip)</title></rect>\n"
    }

    /// Nothing where the text has no room.
    private static func label(
        _ text: String, in frame: Rectangle, style: String, x: Double, y: Double
    ) -> String {
        let columns = Int((frame.width - 2 * x) / (style == "t" ? 7 : 6))
        guard frame.height > y + 3, columns >= 3 else { return "" }
        let shown = ScreenText.fit(text, columns)
        return "<text class=\"\(style)\" x=\"\((frame.x + x).plain)\" y=\"\((frame.y + y).plain)\">"
            + "\(HTMLText(shown).text)</text>\n"
    }
}

/// A path of an image for a page.
struct EscapedPath {
    let text: String

    init(_ path: TreePath) { text = HTMLText([UInt8(ascii: "/")] + path.bytes).text }
}

extension Double {
    /// With one digit behind the point at most.
    fileprivate var plain: String {
        let text = fixed(1)
        return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
    }
}
