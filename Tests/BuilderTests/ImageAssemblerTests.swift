import OCI
import Testing

@testable import Builder

@Suite("ImageAssembler")
struct ImageAssemblerTests {
    private let first = DiffID(Digest.of([1]))
    private let second = DiffID(Digest.of([2]))
    private let platform = Platform(os: "linux", architecture: "amd64")

    private var base: BaseImage {
        var config = ImageConfig(platform: platform)
        config.created = "2020-05-05T05:05:05Z"
        config.diffIDs = [first]
        config.history = [
            History(created: "2020-05-05T05:05:05Z", createdBy: "ADD rootfs", emptyLayer: false),
            History(created: "2020-05-05T05:05:05Z", createdBy: "CMD", emptyLayer: true),
        ]
        let layer = Descriptor(mediaType: .layerGzip, digest: first.digest, size: 3)
        return BaseImage(
            name: "base", config: config, layers: [BaseImage.Layer(diffID: first, descriptor: layer)],
            manifestDigest: Digest.of([9]))
    }

    private func config(
        _ base: BaseImage?, _ lines: [ImageAssembler.Line], epoch: Int64? = nil
    ) -> ImageConfig {
        ImageAssembler(base: base, config: ImageConfig(platform: platform), lines: lines, epoch: epoch).config
    }

    @Test("Layers and history follow the base's, and a step without a layer leaves an empty line")
    func history() {
        let config = config(
            base,
            [
                .init(createdBy: "RUN a", step: .init(layer: second, created: 1_600_000_000)),
                .init(createdBy: "RUN true", step: .init(layer: nil, created: 1_600_000_050)),
                .init(createdBy: "ENV A=b"),
            ])
        #expect(config.diffIDs == [first, second])
        #expect(config.history.map(\.createdBy) == ["ADD rootfs", "CMD", "RUN a", "RUN true", "ENV A=b"])
        #expect(config.history.map(\.emptyLayer) == [false, true, false, true, true])
        #expect(config.created == Timestamp.text(seconds: 1_600_000_050))
        #expect(config.history.last?.created == config.created)
    }

    @Test("An image without steps is as old as its base, and one from nothing has no age")
    func ages() {
        #expect(config(base, [.init(createdBy: "LABEL a=b")]).created == "2020-05-05T05:05:05Z")
        #expect(config(nil, [.init(createdBy: "LABEL a=b")]).created == nil)
    }

    @Test("The epoch is when everything was made, and nothing of the base is later")
    func epoch() {
        let config = config(
            base, [.init(createdBy: "RUN a", step: .init(layer: second, created: 1_600_000_000))], epoch: 1_000_000_000)
        #expect(config.created == "2001-09-09T01:46:40Z")
        #expect(config.history.allSatisfy { $0.created == "2001-09-09T01:46:40Z" })
    }

    @Test("A base that does not tell all of its layers gets lines for them")
    func padding() {
        var bare = base.config
        bare.history = []
        let base = BaseImage(name: "b", config: bare, layers: base.layers, manifestDigest: base.manifestDigest)
        #expect(config(base, []).history.count { !$0.emptyLayer } == 1)
    }
}
