import OCI
import Testing

@testable import Builder

@Suite("BuildSummary")
struct BuildSummaryTests {
    @Test("The metadata has buildx's names for things")
    func metadata() throws {
        let config = Descriptor(mediaType: .config, digest: Digest.of([1]), size: 1)
        let manifest = Descriptor(mediaType: .manifest, digest: Digest.of([2]), size: 2)
        let image = AssembledImage(manifest: manifest, config: config, layers: [], diffIDs: [])
        let name = try #require(Reference("app:1"))
        let summary = BuildSummary(image: BuiltImage(image), names: [name], outputs: [])
        #expect(summary.imageID == config.digest.description)
        let metadata = try #require(summary.metadata.object)
        #expect(metadata["containerimage.digest"]?.string == manifest.digest.description)
        #expect(metadata["containerimage.config.digest"]?.string == config.digest.description)
        #expect(metadata["containerimage.descriptor"]?.object?["size"]?.integer == 2)
        #expect(metadata["image.name"]?.string == "docker.io/library/app:1")
    }

    @Test("Several images have no configuration in common: the index stands for them")
    func index() throws {
        let config = Descriptor(mediaType: .config, digest: Digest.of([1]), size: 1)
        let manifest = Descriptor(mediaType: .manifest, digest: Digest.of([2]), size: 2)
        let image = AssembledImage(manifest: manifest, config: config, layers: [], diffIDs: [])
        let index = Descriptor(mediaType: .index, digest: Digest.of([3]), size: 3)
        let summary = BuildSummary(image: BuiltImage(index: index, over: [image, image]), names: [], outputs: [])
        #expect(summary.imageID == index.digest.description)
        let metadata = try #require(summary.metadata.object)
        #expect(metadata["containerimage.digest"]?.string == index.digest.description)
        #expect(metadata["containerimage.config.digest"] == nil)
    }
}
