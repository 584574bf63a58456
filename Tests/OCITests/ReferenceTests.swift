import OCI
import Testing

@Suite("Reference") struct ReferenceTests {
    private static let digest = "sha256:" + String(repeating: "a", count: 64)

    @Test(
        "Names are completed as Docker completes them",
        arguments: [
            ("debian", "docker.io/library/debian:latest", "debian:latest"),
            ("debian:12", "docker.io/library/debian:12", "debian:12"),
            ("docker.io/debian", "docker.io/library/debian:latest", "debian:latest"),
            ("index.docker.io/debian", "docker.io/library/debian:latest", "debian:latest"),
            ("docker.io/library/debian", "docker.io/library/debian:latest", "debian:latest"),
            ("user/app", "docker.io/user/app:latest", "user/app:latest"),
            ("a/b/c:1", "docker.io/a/b/c:1", "a/b/c:1"),
            ("localhost/app", "localhost/app:latest", "localhost/app:latest"),
            ("localhost:5000/app", "localhost:5000/app:latest", "localhost:5000/app:latest"),
            ("localhost:5000", "docker.io/library/localhost:5000", "localhost:5000"),
            ("ghcr.io/app", "ghcr.io/app:latest", "ghcr.io/app:latest"),
            ("docker.io/localhost/app", "docker.io/localhost/app:latest", "docker.io/localhost/app:latest"),
            ("docker.io/library/a/b", "docker.io/library/a/b:latest", "library/a/b:latest"),
            ("ghcr.io/Owner", nil, nil),
            ("Registry/app", "Registry/app:latest", "Registry/app:latest"),
            ("reg:443/a/b:t", "reg:443/a/b:t", "reg:443/a/b:t"),
            ("[::1]:5000/app", "[::1]:5000/app:latest", "[::1]:5000/app:latest"),
            ("app@" + digest, "docker.io/library/app@" + digest, "app@" + digest),
            ("app:1@" + digest, "docker.io/library/app:1@" + digest, "app:1@" + digest),
            ("a__b/c-----d/e.f_g", "docker.io/a__b/c-----d/e.f_g:latest", "a__b/c-----d/e.f_g:latest"),
            ("app:_Tag.1-x", "docker.io/library/app:_Tag.1-x", "app:_Tag.1-x"),
        ] as [(String, String?, String?)])
    func completion(text: String, full: String?, familiar: String?) {
        #expect(Reference(text)?.description == full)
        #expect(Reference(text)?.familiar == familiar)
    }

    @Test(
        "What is no name is refused",
        arguments: [
            "", ":", "/", "a:", ":a", "a/", "/a", "a//b", "App", "-a", "a-", "a.", ".a", "a..b", "a___b", "a._b",
            "a-.b",
            "a b", "a:b c", "a:.b", "a:-b", "é", "a:é", "a@", "a@b", "a@sha256:12", "a@@" + digest,
            "a@sha512:" + digest,
            "http://host/a", "host:port/a", "host:/a", "host:1:2/a", "host:é:2/a", "[::1]:1:2/a", "[::1]1/a",
            "-host.x/a", "ghcr.io/", "../a", "ghcr.io/../a",
            String(repeating: "a", count: 64), "a:" + String(repeating: "t", count: 129),
            "x/" + String(repeating: "a", count: 255),
        ])
    func refused(text: String) { #expect(Reference(text) == nil) }

    @Test("What is written is read back as the same name")
    func roundTrip() throws {
        for text in ["debian", "localhost:5000/a/b:1", "x.y/z@" + Self.digest] {
            let name = try #require(Reference(text))
            #expect(Reference(name.description) == name)
            #expect(Reference(name.familiar) == name)
        }
    }
}
