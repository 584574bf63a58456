import Layers
import OCI
import Store
import Testing

@testable import Builder

@Suite("LayerEncoder")
struct LayerEncoderTests {
    private let bench: ImageBench

    init() throws { bench = try ImageBench() }

    @Test("A layer is converted once, and keeps what it holds", arguments: CompressionChoice.Algorithm.allCases)
    func converts(algorithm: CompressionChoice.Algorithm) throws {
        for source in [Compression.none, .gzip(level: 6), .standard] {
            let bench = try ImageBench()
            let layer = try bench.layer("file", "contents", source)
            let choice = CompressionChoice(algorithm: algorithm, isExplicit: true)
            let made = try bench.encoder(choice).descriptor(of: layer)
            #expect(made.mediaType == choice.compression.mediaType)
            #expect(try bench.encoder(choice).descriptor(of: layer) == made)
            #expect(try TarReader.summary(of: try bench.store.blobs.open(made.digest)).diffID == layer)
        }
    }

    @Test("A base's blob is kept unless another compression was asked for in so many words")
    func bases() throws {
        let layer = try bench.layer("file", "contents", .gzip(level: 6))
        let encoded = try #require(try bench.store.encodings.encodings(of: layer).first)
        var foreign = encoded.descriptor
        foreign.mediaType = MediaType(rawValue: "application/vnd.docker.image.rootfs.diff.tar.gzip")
        let base = BaseImage.Layer(diffID: layer, descriptor: foreign)
        #expect(try bench.encoder.descriptor(ofBase: base) == encoded.descriptor)
        let gzip = CompressionChoice(algorithm: .gzip, isExplicit: true)
        #expect(try bench.encoder(gzip).descriptor(ofBase: base) == encoded.descriptor)
        let zstd = CompressionChoice(algorithm: .zstd, isExplicit: true)
        #expect(try bench.encoder(zstd).descriptor(ofBase: base).mediaType == .layerZstd)
    }

    @Test("docker gets gzip for zstd")
    func docker() throws {
        let image = try bench.image()
        _ = try bench.exporter.export(
            BuiltImage(image), named: [], to: Output(form: .docker, destination: .path(bench.appending("docker.tar"))))
        let other = try ImageBench()
        let imported = try other.importer.read(.path(bench.appending("docker.tar")), extent: .chosenPlatform)
        #expect(imported.base.layers.map(\.descriptor.mediaType) == [.layerGzip, .layerGzip])
        #expect(imported.base.config.diffIDs == image.diffIDs)
    }
}
