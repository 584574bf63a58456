import Glibc
import Linux
import OCI
import SystemPackage
import Testing

@testable import Store

@Suite("ContentStore")
struct ContentStoreTests {
    let folder: StoreFolder
    let store: Store

    init() throws {
        folder = try StoreFolder()
        store = try folder.open()
    }

    @Test("A blob is found under the digest of its bytes")
    func put() throws {
        let digest = try store.blobs.put(Array("hello".utf8))
        #expect(digest == .text("hello"))
        #expect(try store.blobs.size(of: digest) == 5)
        #expect(try store.blobs.open(digest).readAll(limit: 10) == Array("hello".utf8))
        #expect(try store.blobs.verify(digest))
        #expect(try store.blobs.contains(.text("other")) == false)
        #expect(throws: StoreError.missing(.text("other"))) { try store.blobs.read(.text("other")) }
    }

    @Test("Changed bytes are noticed by whoever reads them whole")
    func damage() throws {
        let digest = try store.blobs.put(Array("hello".utf8))
        try folder.write("blobs/sha256/\(digest.hex)", "hellO")
        #expect(try store.blobs.verify(digest) == false)
        let error = try #require(throws: StoreError.self) { try store.blobs.read(digest) }
        #expect(error.isDamage)
    }

    @Test("A blob that somebody wrote to is opened for nobody, and is replaced by the next one who makes it")
    func tampered() throws {
        let digest = try store.blobs.put(Array("hello".utf8))
        try folder.write("blobs/sha256/\(digest.hex)", "hellO")
        #expect(throws: StoreError.self) { _ = try store.blobs.open(digest) }
        #expect(try store.blobs.put(Array("hello".utf8)) == digest)
        #expect(try store.blobs.open(digest).readAll(limit: 10) == Array("hello".utf8))
    }

    @Test("A document that changed behind its seal is replaced by the next one who makes it")
    func sealedDamage() throws {
        let digest = try store.blobs.put(Array("hello".utf8))
        let path = folder.inside("blobs/sha256/\(digest.hex)")
        try File(opening: path, O_RDWR).write(Array("hellO".utf8))
        try BlobSeal.set(on: File(opening: path, O_RDWR), digest)
        #expect(try store.blobs.open(digest).readAll(limit: 10) == Array("hellO".utf8))
        #expect(try store.blobs.put(Array("hello".utf8)) == digest)
        #expect(try store.blobs.open(digest).readAll(limit: 10) == Array("hello".utf8))
    }

    @Test("A blob without its seal is read once, sealed again, and is given from its beginning")
    func resealed() throws {
        let digest = try store.blobs.put(Array("hello".utf8))
        let path = folder.inside("blobs/sha256/\(digest.hex)")
        try #require(utimes(path.string, nil) == 0)
        #expect(try store.blobs.open(digest).readAll(limit: 10) == Array("hello".utf8))
        #expect(BlobSeal.holds(try File(opening: path).status(), digest))
    }

    @Test("A seal whose time was set back, as a copy of the store does it, is not believed")
    func copied() throws {
        let digest = try store.blobs.put(Array("hello".utf8))
        let path = folder.inside("blobs/sha256/\(digest.hex)")
        func setBack() throws {
            let file = try File(opening: path, O_RDWR)
            let sealed = try file.status().modified
            try file.setModified(
                FileStatus.Time(seconds: sealed.seconds - 1000, nanoseconds: sealed.nanoseconds))
            #expect(try !BlobSeal.holds(file.status(), digest))
        }
        try setBack()
        #expect(try store.blobs.open(digest).readAll(limit: 10) == Array("hello".utf8))
        #expect(BlobSeal.holds(try File(opening: path).status(), digest))
        try File(opening: path, O_RDWR).write(Array("hellO".utf8))
        try BlobSeal.set(on: File(opening: path, O_RDWR), digest)
        try setBack()
        #expect(throws: StoreError.self) { _ = try store.blobs.open(digest) }
    }

    @Test("A blob of the wrong size is replaced by the next one who makes it")
    func replaced() throws {
        let digest = try store.blobs.put(Array("hello".utf8))
        try folder.write("blobs/sha256/\(digest.hex)", "")
        #expect(try store.blobs.put(Array("hello".utf8)) == digest)
        #expect(try store.blobs.verify(digest))
    }

    @Test("A blob that is not committed leaves nothing")
    func dropped() throws {
        do {
            let writer = try store.blobs.newBlob()
            try writer.file.write([1, 2, 3])
            try writer.output().write([4])
        }
        #expect(try folder.names(in: "blobs/sha256").isEmpty)
    }

    @Test("A writer that was told another size than it wrote commits nothing")
    func size() throws {
        #expect(throws: StoreError.wrongSize(.text("x"), expected: 4, found: 3)) {
            let writer = try store.blobs.newBlob()
            try writer.output().write([1, 2, 3])
            try writer.commit(as: .text("x"), size: 4)
        }
        #expect(try folder.names(in: "blobs/sha256").isEmpty)
    }

    @Test("Eight writers of one blob, each with the store opened for itself, all succeed")
    func concurrent() throws {
        let bytes = [UInt8](repeating: 7, count: 300_000)
        let failures = onThreads(8) { [folder] _ in
            let store = try folder.open()
            for number in 0..<20 { _ = try store.blobs.put(bytes + [UInt8(number)]) }
        }
        #expect(failures.isEmpty)
        #expect(try folder.names(in: "blobs/sha256").count == 20)
        for number in 0..<20 { #expect(try store.blobs.verify(Digest.of(bytes + [UInt8(number)]))) }
    }

    @Test("Only encodings whose blobs are there are named")
    func encodings() throws {
        let layer = DiffID(.text("layer"))
        let blob = try store.blobs.put([1, 2])
        let here = EncodedLayer(digest: blob, size: 2, mediaType: .layerZstd, compression: "zstd:3", encoding: 1)
        let gone = EncodedLayer(
            digest: .text("gone"), size: 2, mediaType: .layerGzip, compression: "gzip:6", encoding: 1)
        #expect(try store.encodings.encodings(of: layer).isEmpty)
        try store.encodings.add(here, of: layer)
        try store.encodings.add(gone, of: layer)
        try store.encodings.add(here, of: layer)
        #expect(try store.encodings.encodings(of: layer) == [here])
        #expect(here.descriptor.size == 2)
    }

    @Test("Encodings that several builds add are all kept")
    func concurrentEncodings() throws {
        let layer = DiffID(.text("layer"))
        let failures = onThreads(8) { [folder] index in
            let store = try folder.open()
            let blob = try store.blobs.put([UInt8(index)])
            try store.encodings.add(
                EncodedLayer(digest: blob, size: 1, mediaType: .layer, compression: "none", encoding: 1), of: layer)
        }
        #expect(failures.isEmpty)
        #expect(try store.encodings.encodings(of: layer).count == 8)
    }

    @Test("A list of encodings that cannot be read is an empty one", arguments: ["", "{", "[1,{}]", "{}"])
    func garbage(text: String) throws {
        let layer = DiffID(.text("layer"))
        try folder.write("layers/\(layer.digest.hex).json", text)
        #expect(try store.encodings.encodings(of: layer).isEmpty)
        let blob = try store.blobs.put([1])
        let encoding = EncodedLayer(digest: blob, size: 1, mediaType: .layer, compression: "none", encoding: 1)
        try store.encodings.add(encoding, of: layer)
        #expect(try store.encodings.encodings(of: layer) == [encoding])
    }
}
