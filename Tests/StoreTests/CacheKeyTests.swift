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
        let read = try #require(CacheKey(encoded: key.encoded, named: key.digest))
        #expect(read.kind == "copy/1")
        #expect(read.ingredients == ingredients)
        #expect(CacheKey(encoded: Array(key.encoded.dropLast()), named: key.digest) == nil)
    }

    @Test("Two file names that Unicode calls equal are two ingredients")
    func names() {
        let composed = CacheKey(kind: "copy/1", ingredients: [Ingredient("caf\u{E9}", "1")])
        let decomposed = CacheKey(kind: "copy/1", ingredients: [Ingredient("cafe\u{301}", "1")])
        #expect(composed.digest != decomposed.digest)
        #expect(composed.changes(since: decomposed).count == 2)
    }

    @Test("A miss is explained by what was added, removed and changed")
    func changes() {
        let old = CacheKey(
            kind: "copy/1",
            ingredients: [Ingredient("file a", "1"), Ingredient("file b", "1"), Ingredient("file c", "1")])
        let new = CacheKey(
            kind: "copy/1",
            ingredients: [Ingredient("file a", "1"), Ingredient("file b", "2"), Ingredient("file d", "1")])
        let one = Array("1".utf8)
        #expect(
            new.changes(since: old) == [
                .changed(name: Array("file b".utf8), from: one, to: Array("2".utf8)),
                .removed(name: Array("file c".utf8), value: one), .added(name: Array("file d".utf8), value: one),
            ])
        #expect(new.changes(since: new).isEmpty)
    }

    @Test("A name that stands several times is compared in order")
    func repeated() {
        let old = CacheKey(kind: "run/1", ingredients: [Ingredient("argument", "a"), Ingredient("argument", "b")])
        let new = CacheKey(kind: "run/2", ingredients: [Ingredient("argument", "a"), Ingredient("argument", "c")])
        #expect(
            new.changes(since: old) == [
                .changed(name: Array("kind".utf8), from: Array("run/1".utf8), to: Array("run/2".utf8)),
                .changed(name: Array("argument".utf8), from: Array("b".utf8), to: Array("c".utf8)),
            ])
    }
}
