import OCI
import SystemPackage
import Testing

@testable import Builder
@testable import layerbuild

@Suite("What a build came to")
struct BuildResultTests {
    private func result(_ form: Output.Form, _ layer: MediaType, isUnchanged: Bool = false) throws -> BuildResult {
        let manifest = Descriptor(mediaType: .manifest, digest: Digest.of([1]), size: 10)
        let config = Descriptor(mediaType: .config, digest: Digest.of([2]), size: 20)
        let image = AssembledImage(
            manifest: manifest, config: config,
            layers: [Descriptor(mediaType: layer, digest: Digest.of([3]), size: 2_000_000)], diffIDs: [])
        let written = WrittenOutput(
            output: Output(form: form, destination: .path("/out/app.tar")), size: 2_100_000, isUnchanged: isUnchanged)
        let names = [try #require(Reference("shop/app:1"))]
        return BuildResult(
            report: BuildReport(image: BuiltImage(image), outputs: [written], steps: 1, seconds: 3.21), names: names)
    }

    @Test("is told with name, digest, size and place, and who cannot read it")
    func text() throws {
        #expect(
            try result(.image, .layerZstd).text == """
                built shop/app:1 \(Digest.of([1])), 1 layer of 2.0 MB, in 3.2s
                wrote /out/app.tar (2.1 MB)
                note: docker before 23 and umoci before 0.5 read no zstd layers; `--compression gzip` writes for them too

                """)
        #expect(
            try result(.image, .layerGzip, isUnchanged: true).text.hasSuffix("/out/app.tar has it already (2.1 MB)\n"))
        #expect(try !result(.local, .layerZstd).text.contains("note:"))
        #expect(try !result(.docker, .layerZstd).text.contains("note:"))
    }

    @Test("is an object for programs")
    func json() throws {
        let object = try #require(try result(.oci, .layer).json.object)
        #expect(object["digest"]?.string == "\(Digest.of([1]))")
        #expect(object["names"]?.strings == ["docker.io/shop/app:1"])
        #expect(object["outputs"]?.array?.first?.object?["path"]?.string == "/out/app.tar")
    }
}
