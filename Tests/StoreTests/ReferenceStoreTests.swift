import Linux
import OCI
import SystemPackage
import Testing

@testable import Store

@Suite("ReferenceStore")
struct ReferenceStoreTests {
    let folder: StoreFolder
    let store: Store

    init() throws {
        folder = try StoreFolder()
        store = try folder.open()
    }

    func image(_ text: String) throws -> Descriptor {
        let digest = try store.blobs.put(Array(text.utf8))
        return Descriptor(mediaType: .manifest, digest: digest, size: Int64(text.utf8.count))
    }

    @Test("A name stands for the image that it was given last")
    func set() throws {
        let name = try #require(Reference("debian:bookworm"))
        #expect(try store.names.resolve(name) == nil)
        let (first, second) = (try image("first"), try image("second"))
        try store.names.set(name, to: first, holding: [first.digest])
        #expect(try folder.open().names.resolve(name) == first)
        try store.names.set(name, to: second, holding: [second.digest])
        #expect(try store.names.resolve(name) == second)
        #expect(try store.names.list().map(\.name) == [name])
        #expect(try store.names.remove(name))
        #expect(try store.names.remove(name) == false)
        #expect(try store.names.list().isEmpty)
    }

    @Test("Other tools find the full name and the tag in the index")
    func annotations() throws {
        let name = try #require(Reference("debian:bookworm"))
        try store.names.set(name, to: try image("x"), holding: [])
        let bytes = try File(opening: folder.inside("index.json")).readAll(limit: 10_000)
        let index = try ImageIndex(parsing: bytes)
        #expect(
            index.manifests.map(\.annotations) == [
                [
                    "io.containerd.image.name": "docker.io/library/debian:bookworm",
                    "org.opencontainers.image.ref.name": "bookworm",
                ]
            ])
    }

    @Test("Setting a name to what it is already leaves the file alone")
    func unchanged() throws {
        let (name, image) = (try #require(Reference("a")), try image("x"))
        try store.names.set(name, to: image, holding: [])
        let before = try folder.status("index.json")
        try store.names.set(name, to: image, holding: [])
        #expect(try folder.status("index.json") == before)
    }

    @Test("Names that eight builds set at once are all kept")
    func concurrent() throws {
        let image = try image("x")
        let failures = onThreads(8) { [folder] index in
            let store = try folder.open()
            for number in 0..<5 {
                try store.names.set(
                    try #require(Reference("image\(index):\(number)")), to: image, holding: [image.digest])
            }
        }
        #expect(failures.isEmpty)
        #expect(try store.names.list().count == 40)
    }

    @Test("What another tool put into the index stays there")
    func strangers() throws {
        let stranger = Descriptor(
            mediaType: .manifest, digest: .text("s"), size: 1, annotations: ["org.opencontainers.image.ref.name": "s"])
        let text = String(decoding: ImageIndex(manifests: [stranger]).serialised(), as: UTF8.self)
        try folder.write("index.json", text)
        let name = try #require(Reference("a"))
        try store.names.set(name, to: try image("x"), holding: [])
        let index = try ImageIndex(parsing: File(opening: folder.inside("index.json")).readAll(limit: 10_000))
        #expect(index.manifests.first == stranger)
        #expect(try store.names.list().map(\.name) == [name])
    }

    @Test("A damaged index is called so and never overwritten", arguments: ["", "{", "{}", #"{"schemaVersion":2}"#])
    func damaged(text: String) throws {
        try folder.write("index.json", text)
        let name = try #require(Reference("a"))
        let error = try #require(throws: StoreError.self) { try store.names.resolve(name) }
        #expect(error.isDamage)
        #expect(error.description.contains("index.json"))
        #expect(throws: StoreError.self) {
            try store.names.set(name, to: Descriptor(mediaType: .manifest, digest: .text("x"), size: 1), holding: [])
        }
        #expect(try File(opening: folder.inside("index.json")).readAll(limit: 100) == Array(text.utf8))
    }
}
