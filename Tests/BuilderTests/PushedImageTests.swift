import Linux
import OCI
import Registry
import Store
import Testing

@testable import Builder

@Suite("What is pushed")
struct PushedImageTests {
    private let bench: ImageBench

    init() throws { bench = try ImageBench() }

    private func index(of manifests: [Descriptor]) throws -> Descriptor {
        let bytes = ImageIndex(manifests: manifests).serialised()
        let writer = try bench.store.blobs.newBlob()
        try writer.file.write(bytes)
        let digest = Digest.of(bytes)
        try writer.commit(as: digest, size: Int64(bytes.count))
        return Descriptor(mediaType: .index, digest: digest, size: Int64(bytes.count))
    }

    @Test("is each document once, however often indexes within indexes name it", .timeLimit(.minutes(10)))
    func nested() throws {
        let image = try bench.image()
        var root = image.manifest
        for _ in 0..<4 { root = try index(of: Array(repeating: root, count: 2_000)) }
        let pushed = try PushedImage(root, in: bench.store)
        #expect(pushed.documents.count == 5)
        #expect(pushed.documents.first?.descriptor.digest == image.manifest.digest)
        #expect(pushed.documents.last?.descriptor.digest == root.digest)
        #expect(pushed.images.map(\.digest) == [image.manifest.digest])
        #expect(pushed.blobs.map(\.digest) == [image.config.digest] + image.layers.map(\.digest))
    }

    @Test("is damaged where indexes lie too deep within each other")
    func tooDeep() throws {
        var root = try bench.image().manifest
        for _ in 0..<5 { root = try index(of: [root]) }
        #expect(throws: ImageError.self) { try PushedImage(root, in: bench.store) }
    }
}
