import Testing

@testable import layerbuild

@Suite("A report's drawing")
struct ReportTests {
    private static let whole = Rectangle(x: 10, y: 20, width: 300, height: 200)

    @Test(
        "gives each part its share, within the whole and beside the others",
        arguments: [[1], [5, 1], [6, 6, 4, 3, 2, 2, 1], Array(repeating: 1, count: 50), [1_000_000, 1, 1]] as [[Double]]
    )
    func parts(sizes: [Double]) {
        let parts = Treemap.parts(sizes, of: Self.whole)
        let unit = Self.whole.area / sizes.reduce(0, +)
        #expect(parts.count == sizes.count)
        for (size, part) in zip(sizes, parts) {
            #expect(abs(part.area - size * unit) < 0.01)
            #expect(part.x >= 9.99 && part.x + part.width <= 310.01)
            #expect(part.y >= 19.99 && part.y + part.height <= 220.01)
        }
        for (index, one) in parts.enumerated() {
            for other in parts[(index + 1)...] {
                let width = min(one.x + one.width, other.x + other.width) - max(one.x, other.x)
                let height = min(one.y + one.height, other.y + other.height) - max(one.y, other.y)
                #expect(width < 0.01 || height < 0.01)
            }
        }
    }

    @Test("draws nothing where there is nothing to draw")
    func nothing() {
        #expect(Treemap.parts([], of: Self.whole).isEmpty)
        let none = Rectangle(x: 0, y: 0, width: 0, height: 5)
        #expect(Treemap.parts([1, 2], of: none).allSatisfy { $0.area == 0 })
    }

    @Test(
        "leaves no text in which a browser would see markup",
        arguments: [
            ("<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;"),
            (#"" onload="x"#, "&quot; onload=&quot;x"), ("a&b", "a&amp;b"), ("it's", "it&#39;s"), ("ü", "ü"),
            ("\u{1}", "\\u{1}"), ("\u{202E}x", "\\u{202e}x"),
        ])
    func escaping(text: String, shown: String) { #expect(HTMLText(text).text == shown) }

    @Test(
        "is named after the image",
        arguments: [
            ("shop/web:1.2", "web"), ("busybox", "busybox"), ("../base.tar", "base.tar"), ("oci:layout", "oci"),
            ("x@sha256:00", "x"), ("a b;c", "abc"), ("..", "image"), ("/", "image"), ("-rf", "image"),
        ])
    func name(image: String, name: String) { #expect(ReportCommand.name(of: image) == name) }
}
