import SystemPackage
import Testing

/// The examples that need no network, run as a reader would.
@Suite("Examples", .needsRoot)
struct ExampleTests {
    private let bench: Bench

    init() throws { bench = try Bench() }

    private func run(_ example: String, store: String = "store", _ environment: String = "") throws -> String {
        try bench.shell(
            """
            [ -e \(example) ] || cp -r '\(Bench.repository)/examples/\(example)' \(example)
            LAYERBUILD='\(Bench.program)' LAYERBUILD_ROOT=$PWD/\(store) \(environment) \(example)/run 2>&1
            """)
    }

    @Test("two-platforms makes one image for both, the pages once")
    func twoPlatforms() throws {
        let output = try run("two-platforms")
        #expect(output.contains("for linux/amd64, linux/arm64"), "\(output)")
        for architecture in ["amd64", "arm64"] {
            try bench.shell(
                "skopeo copy -q --override-arch \(architecture) oci-archive:two-platforms/site.tar oci:\(architecture)")
            let file = try bench.layerbuild("cat", "oci:../\(architecture)", "/srv/www/platform")
            #expect(file.output == "made for linux/\(architecture)\n", "\(file)")
        }
        let page = try bench.layerbuild("cat", "oci:../arm64", "/srv/www/index.html")
        #expect(page.output.hasPrefix("<h1>Two machines</h1>\n"), "\(page)")
    }

    @Test("shared-cache executes nothing on a second runner, and counts only what is new on a third")
    func sharedCache() throws {
        let registry = try DockerRegistry(on: bench)
        let cache = "CACHE=\(registry.host)/cache:main"
        let first = try run("shared-cache", store: "one", cache)
        #expect(first.contains("counted: first") && first.contains("counted: second"), "\(first)")
        let second = try run("shared-cache", store: "two", cache)
        #expect(!second.contains("counted:") && !second.contains("known:"), "\(second)")
        try bench.write("shared-cache/texts/third", "And one more.\n")
        let third = try run("shared-cache", store: "three", cache)
        #expect(third.contains("known: first") && third.contains("known: second"), "\(third)")
        #expect(third.contains("counted: third"), "\(third)")
    }
}
