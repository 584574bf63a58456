import OCI
import Testing

@Suite("Names are told apart by their bytes") struct ExactNamesTests {
    private static let composed = "\u{E9}"
    private static let decomposed = "e\u{301}"

    @Test("as keys of a map and members of a set")
    func keys() {
        var map: ExactMap<Int> = [Self.composed: 1]
        #expect(map.updateValue(2, forKey: Self.decomposed) == nil)
        map[Self.composed, default: 0] += 10
        #expect(map[Self.composed] == 11 && map[Self.decomposed] == 2)
        #expect(map.names.map { Array($0.utf8) } == [Array(Self.decomposed.utf8), Array(Self.composed.utf8)])
        #expect(map.mapValues { $0 + 1 }[Self.decomposed] == 3)
        let set = Set(names: [Self.composed])
        #expect(set.contains(Self.composed) && !set.contains(Self.decomposed))
    }

    @Test(
        "and cut at marks whatever follows them",
        arguments: [
            ("a=b=c", "a", "b=c"), ("a=\u{301}x", "a", "\u{301}x"), ("=", "", ""), ("a\u{301}=b", "a\u{301}", "b"),
            ("\u{600}=b", "\u{600}", "b"), ("none", "none", nil),
        ])
    func cut(text: String, before: String, behind: String?) {
        let parts = text.cut(at: "=")
        #expect(ExactText(parts.before) == ExactText(before))
        #expect(parts.behind.map { ExactText($0) } == behind.map { ExactText($0) })
    }

    @Test("and split at marks, empty parts included")
    func parts() {
        let parts = "a,\u{301}b,,".parts(between: ",")
        #expect(parts.map { ExactText($0) } == ["a", "\u{301}b", "", ""])
        #expect("".parts(between: ",") == [""])
        #expect("dir:\u{301}x".removing(prefix: "dir:").map { Array($0.utf8) } == Array("\u{301}x".utf8))
        #expect("dir".removing(prefix: "dir:") == nil)
    }
}
