import Linux
import OCI
import Testing

@testable import Store

@Suite("CacheKey")
struct CacheKeyTests {
    @Test("Parts that run together differently make different keys")
    func framing() {
        let keys = [
            CacheKey(kind: "k", ingredients: [Ingredient("ab", "c")]),
            CacheKey(kind: "k", ingredients: [Ingredient("a", "bc")]),
            CacheKey(kind: "k", ingredients: [Ingredient("a", "b"), Ingredient("c", "")]),
            CacheKey(kind: "ka", ingredients: [Ingredient("b", "c")]),
            CacheKey(kind: "k", ingredients: []),
        ]
        #expect(Set(keys.map(\.digest)).count == keys.count)
    }

    @Test("A key is the same whichever way it is put together, and reads back")
    func building() throws {
        let ingredients = [Ingredient("base", Digest.text("x")), Ingredient(Array("file a".utf8), [0xFF, 0])]
        let key = CacheKey(kind: "copy/1", ingredients: ingredients)
        let built = CacheKey(kind: "copy/1") { list in
            list.add("base", .text("x"))
            list.add(Array("file a".utf8), [0xFF, 0])
        }
        #expect(key == built)
        let read = try #require(try CacheKey(key.text, named: key.digest))
        #expect(read.kind == "copy/1")
        var reader = IngredientReader(read.text)
        _ = try reader.nextPart()
        var found: [Ingredient] = []
        while let (name, value) = try reader.next() { found.append(Ingredient(Array(name), Array(value))) }
        #expect(found == ingredients)
        var short = ByteSpool(in: nil)
        short.append(try key.text.bytes(in: 0..<key.text.count - 1))
        #expect(try CacheKey(short.finish(), named: key.digest) == nil)
    }

    @Test("Two file names that Unicode calls equal are two ingredients")
    func names() throws {
        let composed = CacheKey(kind: "copy/1", ingredients: [Ingredient("caf\u{E9}", "1")])
        let decomposed = CacheKey(kind: "copy/1", ingredients: [Ingredient("cafe\u{301}", "1")])
        #expect(composed.digest != decomposed.digest)
        #expect(try composed.changes(since: decomposed).count == 2)
    }

    @Test("A miss is explained by what was added, removed and changed")
    func changes() throws {
        let old = CacheKey(
            kind: "copy/1",
            ingredients: [Ingredient("file a", "1"), Ingredient("file b", "1"), Ingredient("file c", "1")])
        let new = CacheKey(
            kind: "copy/1",
            ingredients: [Ingredient("file a", "1"), Ingredient("file b", "2"), Ingredient("file d", "1")])
        let one = Array("1".utf8)
        #expect(
            try new.changes(since: old) == [
                .changed(name: Array("file b".utf8), from: one, to: Array("2".utf8)),
                .removed(name: Array("file c".utf8), value: one), .added(name: Array("file d".utf8), value: one),
            ])
        #expect(try new.changes(since: new).isEmpty)
    }

    @Test("A name that stands several times is compared in order")
    func repeated() throws {
        let old = CacheKey(kind: "run/1", ingredients: [Ingredient("argument", "a"), Ingredient("argument", "b")])
        let new = CacheKey(kind: "run/2", ingredients: [Ingredient("argument", "a"), Ingredient("argument", "c")])
        #expect(
            try new.changes(since: old) == [
                .changed(name: Array("kind".utf8), from: Array("run/1".utf8), to: Array("run/2".utf8)),
                .changed(name: Array("argument".utf8), from: Array("b".utf8), to: Array("c".utf8)),
            ])
    }

    @Test("Of long keys the same names stand for each other, however much is new or gone between them")
    func long() throws {
        func key(_ names: some Sequence<Int>, changed: Int? = nil) -> CacheKey {
            CacheKey(
                kind: "copy/1", ingredients: names.map { Ingredient("file \($0)", $0 == changed ? "2" : "1") })
        }
        let all = key(1...60_000)
        let fewer = key((1...60_000).filter { $0 != 3 && !(30_000...30_100).contains($0) }, changed: 50_000)
        let changes = try fewer.changes(since: all)
        #expect(changes.count == 103)
        #expect(changes.count { if case .removed = $0 { true } else { false } } == 102)
        let name = Array("file 50000".utf8)
        #expect(changes.contains(.changed(name: name, from: Array("1".utf8), to: Array("2".utf8))))
        // More than is read ahead.
        #expect(try key(1...60_000).changes(since: key(40_000...60_000)).count == 39_999)
        #expect(try key((1...20_000).reversed()).changes(since: key(1...20_000)).isEmpty)
    }
}
