import Linux
import OCI
import Store
import SystemPackage
import Testing

@testable import Builder

@Suite("A command over many layers")
struct DeepImageTests {
    /// The first steps leave whiteouts, opaque folders, attributes and hard links at the bottom; then come so many more
    /// layers that those are squashed.
    private static let recipe = """
        FROM busybox
        RUN mkdir -p /d/sub /o /f /k && touch /d/gone /d/sub/1 /o/hidden /f/x && echo old >/k/file && ln /k/file /k/name
        RUN rm -r /d/gone /d/sub /o && mkdir /o && touch /o/new && rm -r /f && echo file >/f
        ADD --chown=7:8 marked.tar /k/

        """ + (1...100).map { "WORKDIR /w\($0)\n" }.joined() + (1...33).map { "RUN echo \($0) >/d/\($0)\n" }.joined()

    @Test(
        "sees what all of them show, on one device, and leaves in its layer just what it changed",
        .enabled(if: MountBench.isPossible, "needs root and /bin/busybox"))
    func files() async throws {
        let bench = try MountBench()
        try bench.images.shell(
            "echo tool >tool; chmod 4750 tool; setfattr -n user.mark -v kept tool; tar --xattrs -cf context/marked.tar tool"
        )
        let made = try await bench.build(
            Self.recipe + """
                RUN ls -d /d/gone /d/sub /o/hidden 2>/dev/null; ls /d | wc -l; ls /o; cat /f /k/name
                RUN stat -c '%a %u %g %s %h' /k/tool /k/name
                RUN touch /above; stat -c %d / /k/file /k/tool /d /d/33 /above /bin/busybox | sort -u | wc -l
                RUN rm /k/name /d/1 && echo new >>/k/file && touch -d @5 /d/33 && mv /o /moved && chmod 700 /k/tool
                """)
        #expect(made.output == "33\nnew\nfile\nold\n4750 7 8 5 1\n644 0 0 4 2\n1\n")

        let names = try #require(made.layers.last).split(separator: "\n").map { $0.split(separator: " ").last ?? "" }
        #expect(
            names == [".wh.o", "d/", "d/.wh.1", "d/33", "k/", "k/.wh.name", "k/file", "k/tool", "moved/", "moved/new"])
        let blob = bench.images.store.blobs.path(of: try #require(made.image.layers.last).digest)
        #expect(try bench.images.shell("grep -ac 'SCHILY.xattr.user.mark=kept' '\(blob)'") == "1\n")
    }
}
