import Testing

@testable import Builder

@Suite("UserDatabase") struct UserDatabaseTests {
    private let users = UserDatabase(
        passwd: Array(
            """
            root:x:0:0:root:/root:/bin/sh
            app:x:1000:50:App:/home/app:/bin/sh
            # a comment
            broken:x:abc:1::/:
            short:x
            1234:x:77:78::/home/digits:/bin/sh
            big:x:4294967296:0::/:
            """.utf8),
        group: Array("root:x:0:\nstaff:x:50:\nwheel:x:10:app,root\naudio:x:29:other,app\nbad:x:-1:\n".utf8))

    @Test(
        "USER names a user and perhaps a group, by name or number",
        arguments: [
            ("", 0, 0, [0, 10], "/root"), ("app", 1000, 50, [50, 10, 29], "/home/app"),
            ("1000", 1000, 50, [50, 10, 29], "/home/app"), ("app:root", 1000, 0, [0], "/home/app"),
            ("app:77", 1000, 77, [77], "/home/app"), ("555", 555, 0, [0], "/"), ("555:staff", 555, 50, [50], "/"),
            ("1234", 77, 78, [78], "/home/digits"), (":staff", 0, 50, [50], "/root"),
            ("1234:5", 1234, 5, [5], "/"), ("root:root", 0, 0, [0], "/root"), ("77:1", 77, 1, [1], "/home/digits"),
        ] as [(String, UInt32, UInt32, [UInt32], String)])
    func identities(text: String, user: UInt32, group: UInt32, more: [UInt32], home: String) throws {
        let identity = try users.identity(of: text)
        #expect((identity.user, identity.group, identity.home) == (user, group, home))
        #expect(identity.supplementary == more)
    }

    @Test(
        "--chown takes a number as it is, and its own number as the group",
        arguments: [
            ("5", 5, 5), ("1000", 1000, 1000), ("app", 1000, 50), ("app:audio", 1000, 29), ("5:6", 5, 6),
            ("app:0", 1000, 0), (":6", 0, 6), ("1234", 1234, 1234), ("+5", 5, 5), ("root:staff", 0, 50),
            ("app:", 1000, 0),
        ] as [(String, UInt32, UInt32)])
    func owners(text: String, user: UInt32, group: UInt32) throws {
        let (owner, unknown) = users.ownership(of: text)
        #expect(owner == Ownership(user: user, group: group))
        #expect(unknown.isEmpty)
    }

    @Test("root is 0 in an image without users, and has its home at the top")
    func noUsers() throws {
        let nobody = UserDatabase()
        #expect(nobody.ownership(of: "root:root").owner == .root)
        let root = try nobody.identity(of: "root:root")
        #expect((root.user, root.group, root.home) == (0, 0, "/"))
        #expect(try nobody.identity(of: "").home == "/")
    }

    @Test(
        "--chown of a name that the image does not have means root or the user's group, and is told",
        arguments: [
            ("nobody", 0, 0, [.user("nobody")]), ("broken", 0, 0, [.user("broken")]),
            ("-1", 0, 0, [.user("-1")]), ("4294967295", 0, 0, [.user("4294967295")]),
            ("app:none", 1000, 50, [.group("none")]), ("5:none", 5, 5, [.group("none")]),
            ("no:none", 0, 0, [.user("no"), .group("none")]),
        ] as [(String, UInt32, UInt32, [UnknownName])])
    func unknownOwners(text: String, user: UInt32, group: UInt32, names: [UnknownName]) {
        let (owner, unknown) = users.ownership(of: text)
        #expect(owner == Ownership(user: user, group: group))
        #expect(unknown == names)
    }

    @Test("root is 0, and blanks around a line say nothing")
    func peculiarLines() throws {
        let users = UserDatabase(passwd: Array("root:x:9:9:::\n  app:x:5:6:::\r\n".utf8), group: [])
        #expect(users.ownership(of: "root").owner == .root)
        #expect(users.ownership(of: "app").owner == Ownership(user: 5, group: 6))
        #expect(try users.identity(of: "app").user == 5)
    }

    @Test(
        "USER of a name that the image does not have is an error, as is a number that is none",
        arguments: [
            ("nobody", "unknown-user"), ("broken", "unknown-user"), ("big", "unknown-user"),
            ("4294967295", "unknown-user"), ("-1", "unknown-user"), ("app:none", "unknown-group"),
            ("app:4294967295", "unknown-group"), ("0:bad", "unknown-group"),
        ])
    func unknown(text: String, code: String) {
        #expect {
            try users.identity(of: text)
        } throws: { ($0 as? BuildError)?.code == code }
    }

    @Test("Names are told apart by their bytes, and a comma or a colon is one whatever follows it")
    func exactNames() throws {
        let users = UserDatabase(
            passwd: Array("\u{E9}:x:1:1\ne\u{301}:x:2:2\n\u{301}a:x:3:3\n".utf8),
            group: Array("\u{E9}:x:10:\ne\u{301}:x:20:\u{E9},\u{301}a\n\u{301}g:x:30:\n".utf8))
        #expect(try users.identity(of: "e\u{301}").user == 2)
        #expect(try users.identity(of: "\u{E9}").supplementary == [1, 20])
        #expect(try users.identity(of: "e\u{301}").supplementary == [2])
        #expect(try users.identity(of: "\u{301}a").supplementary == [3, 20])
        #expect(users.ownership(of: "e\u{301}:\u{301}g").owner == Ownership(user: 2, group: 30))
    }

    @Test("A near name is proposed")
    func near() {
        #expect {
            try users.identity(of: "ap")
        } throws: { ($0 as? BuildError)?.hint == "did you mean `app`?" }
    }
}
