import Testing

@Suite("A report on an image", .needsRoot)
struct ReportTests {
    /// Reads a page strictly: every element is closed, nothing is loaded, nothing runs; prints its text.
    private static let reader = """
        import sys
        from html.parser import HTMLParser
        VOID = {"meta", "br", "img", "link", "input"}
        class Reader(HTMLParser):
            stack, words = [], []
            def handle_starttag(self, tag, attributes):
                assert tag not in ("script", "img", "link", "iframe", "object", "a", "form"), tag
                for name, value in attributes:
                    assert not name.startswith("on") and name not in ("src", "href"), (tag, name, value)
                if tag not in VOID: self.stack.append(tag)
            def handle_endtag(self, tag):
                assert self.stack and self.stack.pop() == tag, tag
            def handle_data(self, data):
                if self.stack and self.stack[-1] == "style": assert "url(" not in data and "@import" not in data
                else: self.words.append(data.strip())
        reader = Reader(convert_charrefs=True)
        reader.feed(open(sys.argv[1], encoding="utf-8").read())
        assert not reader.stack, reader.stack
        print("\\n".join(word for word in reader.words if word))
        """

    @Test("is a page by itself that names what is wasted, and takes no name of a file for markup")
    func page() throws {
        let bench = try Bench()
        try bench.importBase()
        let recipe = """
            FROM busybox
            LABEL note="<script>alert('label')</script>"
            RUN dd if=/dev/zero of=/big bs=1000 count=500 && echo '<b>"&' >'/<script>alert(1)<!--'
            RUN rm /big && chmod 700 /bin/busybox
            RUN echo '</title><script>alert(2)</script>' >/dev/null; touch /after
            """
        try expectSuccess(try bench.build(recipe, "-t", "shop/web:1"))
        let outcome = try bench.layerbuild("report", "shop/web:1")
        #expect(outcome.exitCode == 0, "\(outcome)")
        #expect(bench.exists("context/web-report.html"))
        try bench.write("reader.py", Self.reader)
        let text = try bench.shell("python3 reader.py context/web-report.html")
        let words = text.split(separator: "\n").map(String.init)
        #expect(words.contains("/<script>alert(1)<!--"))
        #expect(words.contains { $0.contains("</title><script>alert(2)</script>") })
        #expect(words.contains("/big"))
        #expect(words.contains { $0.hasPrefix("deleted in") })
        #expect(words.contains { $0.hasPrefix("copied again in") })
        #expect(words.contains("500.0 kB"))
        // Nothing but the page on standard output, and the same page.
        let again = try bench.layerbuild("report", "-o", "-", "shop/web:1")
        #expect(again.output == String(decoding: try bench.read("context/web-report.html"), as: UTF8.self))
        let scratch = try bench.layerbuild("report", "-o", "-", "../base.tar")
        #expect(scratch.output.contains("Nothing: every file that is shipped is also there."))
    }

    @Test("is written through a device, which stays what it is")
    func device() throws {
        let bench = try Bench()
        try bench.importBase()
        try bench.shell("mknod full c 1 7")
        let outcome = try bench.layerbuild("report", "-o", "../full", "busybox")
        expectFailure(outcome, exit: 5, saying: "/full")
        #expect(try bench.shell("stat -c %F full") == "character special file")
    }
}
