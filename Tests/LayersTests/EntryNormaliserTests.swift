import Layers
import Linux
import Testing

@Suite("A file in a layer")
struct EntryNormaliserTests {
    @Test(
        "has no attribute that a tar would name otherwise, or cannot hold",
        arguments: [
            "user.ä", "user.a%41", "user.a=b", "user.a b", "user.a\n", "trusted.overlay.opaque", "security.selinux",
        ])
    func attributesLeftOut(name: String) {
        let attribute = ExtendedAttribute(name: Array(name.utf8), value: [1])
        #expect(EntryNormaliser().attributes([attribute]).isEmpty)
    }

    @Test("has all others", arguments: ["user.a", "user.com.apple.lastuseddate#PS", "security.capability"])
    func attributesKept(name: String) {
        let attribute = ExtendedAttribute(name: Array(name.utf8), value: [1])
        #expect(EntryNormaliser().attributes([attribute]) == [attribute])
    }
}
