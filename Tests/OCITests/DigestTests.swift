import OCI
import Testing

@Suite("Digest") struct DigestTests {
    private static let empty = "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    private static let abc = "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"

    @Test("It is SHA-256, as FIPS 180-4 has it")
    func vectors() {
        #expect(Digest.of([]).description == Self.empty)
        #expect(Digest.of(Array("abc".utf8)).description == Self.abc)
        #expect(
            Digest.of([UInt8](repeating: UInt8(ascii: "a"), count: 1_000_000)).hex
                == "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0")
    }

    @Test("Bytes may come in pieces")
    func pieces() {
        var hasher = DigestHasher()
        hasher.update(Array("a".utf8))
        hasher.update([UInt8]())
        hasher.update(Array("bc".utf8))
        #expect(hasher.finish().description == Self.abc)
    }

    @Test(
        "Two hashers that are given the same bytes together name what each of them was given",
        arguments: [0, 1, 55, 63, 64, 65, 127, 128, 4096, 4097, 100_001])
    func together(count: Int) {
        let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 2_654_435_761 >> 7) }
        // Before the common bytes: nothing, whole blocks, or a part of one.
        for start in [0, 1, 63, 64, 512, 513] {
            let before = [UInt8](repeating: 7, count: start)
            var alone = DigestHasher()
            var both = DigestHasher()
            both.update(before)
            for _ in 0..<3 { bytes.withUnsafeBytes { alone.update($0, with: &both) } }
            both.update(before)
            #expect(alone.finish() == .of(bytes + bytes + bytes))
            #expect(both.finish() == .of(before + bytes + bytes + bytes + before))
        }
    }

    @Test("Three hashers that are done together name what each of them was given", arguments: [0, 1, 63] as [Int])
    func beside(start: Int) {
        let lengths = [0, 1, 55, 63, 64, 65, 127, 128, 129, 4096, 4100, 10_001]
        let bytes = (0..<20_100).map { UInt8(truncatingIfNeeded: $0 &* 2_654_435_761 >> 7) }
        let before = [UInt8](repeating: 7, count: start)
        for count in lengths {
            for otherCount in lengths {
                // The second part begins wherever in a block the first one ended, and nowhere in memory in particular.
                var tar = DigestHasher()
                var contents = DigestHasher()
                var blob = DigestHasher()
                var alone = DigestHasher()
                contents.update(before)
                blob.update(before)
                for part in [0, 1] {
                    bytes.withUnsafeBytes { bytes in
                        let own = UnsafeRawBufferPointer(rebasing: bytes[part..<part + count])
                        let others = UnsafeRawBufferPointer(rebasing: bytes[part + 7..<part + 7 + otherCount])
                        tar.update(own, with: &contents, beside: others, of: &blob)
                        alone.update(own, beside: others, of: &blob)
                    }
                }
                let own = Array(bytes[0..<count] + bytes[1..<1 + count])
                let (one, other) = (bytes[7..<7 + otherCount], bytes[8..<8 + otherCount])
                #expect(tar.finish() == .of(own))
                #expect(contents.finish() == .of(before + own))
                #expect(alone.finish() == .of(own))
                #expect(blob.finish() == .of(before + one + one + other + other))
            }
        }
    }

    @Test("Bytes that are copied meanwhile are copied, those and no others", arguments: [0, 1, 63] as [Int])
    func copying(start: Int) {
        let bytes = (0..<40_100).map { UInt8(truncatingIfNeeded: $0 &* 2_654_435_761 >> 7) }
        let before = [UInt8](repeating: 7, count: start)
        for count in [0, 1, 63, 64, 65, 4100, 10_001] {
            for otherCount in [0, 1, 63, 64, 65, 4100, 40_001] {
                let others = Array(bytes[7..<7 + otherCount])
                for way in 0..<3 {
                    var tar = DigestHasher()
                    var contents = DigestHasher()
                    var blob = DigestHasher()
                    blob.update(before)
                    var memory = [UInt8](repeating: 255, count: otherCount + 2)
                    let own = Array(bytes[..<count])
                    own.withUnsafeBytes { own in
                        others.withUnsafeBytes { others in
                            memory.withUnsafeMutableBytes { memory in
                                let copy = memory.baseAddress.map { $0 + 1 }
                                switch way {
                                case 0: tar.update(own, with: &contents, beside: others, of: &blob, copyingTo: copy)
                                case 1: tar.update(own, beside: others, of: &blob, copyingTo: copy)
                                case _: blob.update(others, copyingTo: copy)
                                }
                            }
                        }
                    }
                    #expect(memory == [255] + others + [255])
                    #expect(blob.finish() == .of(before + others))
                    #expect(tar.finish() == .of(way < 2 ? own : []))
                    #expect(contents.finish() == .of(way == 0 ? own : []))
                }
            }
        }
    }

    @Test("Lengths beyond four gigabits are counted, whoever hashed the blocks")
    func longTogether() {
        let part = [UInt8](repeating: 1, count: 1 << 26)
        var alone = DigestHasher()
        var first = DigestHasher()
        var second = DigestHasher()
        var third = DigestHasher()
        for index in 0..<9 {
            alone.update(part)
            part.withUnsafeBytes { part in
                if index.isMultiple(of: 2) {
                    first.update(part, with: &second)
                    third.update(part)
                } else {
                    first.update(part, with: &second, beside: part, of: &third)
                }
            }
        }
        let expected = alone.finish()
        #expect(first.finish() == expected)
        #expect(second.finish() == expected)
        #expect(third.finish() == expected)
    }

    @Test("Framed parts are not the same bytes when they are cut elsewhere")
    func framed() {
        func digest(_ parts: String...) -> Digest {
            var hasher = DigestHasher()
            for part in parts { hasher.updateFramed(Array(part.utf8)) }
            return hasher.finish()
        }
        #expect(digest("ab", "c") != digest("a", "bc"))
        #expect(digest("abc") != digest("abc", ""))
        #expect(digest("ab", "c") == digest("ab", "c"))
    }

    @Test("Text is read back as it was written")
    func roundTrip() throws {
        let digest = try #require(Digest(Self.abc))
        #expect(digest.description == Self.abc)
        #expect(digest == Digest.of(Array("abc".utf8)))
        #expect(Digest(hex: digest.hex) == digest)
    }

    @Test(
        "Anything but `sha256:` and 64 lower-case digits is no digest",
        arguments: [
            "", "sha256:", "sha256:e3b0", Self.abc.uppercased(), Self.abc + "0", String(Self.abc.dropLast()),
            String(Self.abc.dropFirst(7)), "sha512:" + Self.abc.dropFirst(7), " " + Self.abc, Self.abc + "\n",
            "sha256:../../../../../../../../../../../../../../../../../../../../../etc/x",
            "sha256:" + String(repeating: "g", count: 64), "SHA256:" + Self.abc.dropFirst(7),
            "sha256:" + String(repeating: "é", count: 32),
        ])
    func refused(text: String) { #expect(Digest(text) == nil) }

    @Test("Digests are in the order of their bytes")
    func order() throws {
        #expect(try #require(Digest(Self.abc)) < #require(Digest(Self.empty)))
        #expect(try !(#require(Digest(Self.abc)) < #require(Digest(Self.abc))))
    }
}

@Suite("ChainID") struct ChainIDTests {
    private let layers = ["one", "two", "three"].map { DiffID(Digest.of(Array($0.utf8))) }

    @Test("The chain of a lowest layer is its DiffID")
    func lowest() { #expect(ChainID(layers[0], over: nil).digest == layers[0].digest) }

    @Test("A chain is the digest of the chain below, a blank and the DiffID")
    func higher() {
        let two = Digest.of(Array("\(layers[0]) \(layers[1])".utf8))
        let three = Digest.of(Array("\(two) \(layers[2])".utf8))
        let chain = layers.reduce(nil) { ChainID($1, over: $0) }
        #expect(chain?.description == three.description)
    }

    @Test("The same layers in another order are another chain")
    func order() {
        let forth = layers.reduce(nil) { ChainID($1, over: $0) }
        let back = layers.reversed().reduce(nil) { ChainID($1, over: $0) }
        #expect(forth != back)
    }
}
