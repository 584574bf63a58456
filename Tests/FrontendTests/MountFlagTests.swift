import Frontend
import OCI
import Testing

@Suite("Mounts of RUN")
struct MountFlagTests {
    private func mount(_ options: String, _ environment: ExactMap<String> = [:]) throws -> Mount {
        let recipe = try RecipeFile.parse(RecipeSource(name: "Recipe", text: "FROM x\nRUN --mount=\(options) true\n"))
        guard case .run(let run)? = recipe.instructions.last?.instruction else { throw Missing() }
        return try #require(run.mounts.first).mount(in: environment)
    }

    private struct Missing: Error {}

    @Test("have their type's defaults")
    func defaults() throws {
        let bind = try mount("target=/a")
        #expect(bind.kind == .bind && bind.isReadOnly && bind.target == "/a" && bind.from == nil)
        let cache = try mount("type=cache,target=/a")
        #expect(cache.kind == .cache && !cache.isReadOnly && cache.sharing == nil)
        #expect(try !mount("type=tmpfs,target=/a").isReadOnly)
        #expect(try mount("type=secret,id=a").isReadOnly)
        #expect(try mount("type=ssh").isReadOnly)
    }

    @Test("take every option under all its names, keys in any letter case, variables replaced")
    func options() throws {
        let cache = try mount(
            "TYPE=Cache,ID=$N,dst=/a/${N},src=s,sharing=LOCKED,mode=0750,uid=1,gid=2,from=b,ro", ["N": "n"])
        #expect(cache.id == "n" && cache.target == "/a/n" && cache.source == "s" && cache.sharing == .locked)
        #expect(cache.mode == 0o750 && cache.owner == 1 && cache.group == 2 && cache.from == "b" && cache.isReadOnly)
        let secret = try mount("type=secret,source=k,destination=/k,env=K,required")
        #expect(secret.source == "k" && secret.target == "/k" && secret.variable == "K" && secret.isRequired)
        #expect(try !mount("readwrite,target=/a").isReadOnly)
        #expect(try mount("rw=0,target=/a").isReadOnly)
        #expect(try !mount("readonly=F,target=/a").isReadOnly)
        #expect(try !mount("type=ssh,required=false").isRequired)
    }

    @Test(
        "read sizes with units",
        arguments: [
            ("0", 0), ("64", 64), ("1k", 1024), ("1.5KB", 1536), ("2MiB", 2 << 20), ("3g", 3 << 30), ("5 m", 5 << 20),
            ("7b", 7), ("1e3", 1000),
        ])
    func sizes(text: String, bytes: Int64) throws {
        #expect(try mount("type=tmpfs,target=/a,\"size=\(text)\"".replacing(" ", with: "\\ ")).size == bytes)
    }

    @Test(
        "are refused with a reason",
        arguments: [
            ("type=bnd,target=/a", "bad-option-value"), ("target", "missing-option-value"),
            ("taget=/a", "unknown-option"),
            ("target=/a,", "unknown-option"), ("x", "unknown-option"), ("ro=maybe", "bad-option-value"),
            ("size=1,type=tmpfs", "misplaced-option"), ("type=tmpfs,size=many", "bad-option-value"),
            ("type=tmpfs,size=-1", "bad-option-value"), ("type=tmpfs,size=0x10", "bad-option-value"),
            ("type=tmpfs,size=1e300", "bad-option-value"), ("type=tmpfs,size=1zb", "bad-option-value"),
            ("required,type=secret", "misplaced-option"), ("type=cache,required=true", "misplaced-option"),
            ("type=cache,mode=9", "bad-option-value"), ("type=cache,uid=-1", "bad-option-value"),
            ("type=cache,gid=4294967296", "bad-option-value"), ("type=cache,sharing=none", "bad-option-value"),
            ("mode=1,target=/a", "mount-conflict"), ("type=tmpfs,uid=1", "mount-conflict"),
            ("sharing=shared,target=/a", "mount-conflict"), ("type=secret", "mount-conflict"),
            ("type=secret,from=a,id=b", "mount-conflict"), ("type=secret,sharing=shared,id=b", "mount-conflict"),
            ("type=secret,source=a,id=b", "mount-conflict"), ("target=${", "bad-substitution"),
        ])
    func refused(options: String, code: String) throws {
        let diagnostic = try #require(throws: Diagnostic.self) { _ = try mount(options) }
        #expect(diagnostic.code == code)
        #expect(diagnostic.span != nil)
    }

    @Test("name their stage before any variable has a value")
    func from() throws {
        let recipe = try RecipeFile.parse(
            RecipeSource(name: "Recipe", text: "FROM x\nRUN --mount=from=a,from=b,target=$T --mount=from=c$ true\n"))
        guard case .run(let run)? = recipe.instructions.last?.instruction else { throw Missing() }
        #expect(run.mounts.map { $0.from?.value } == ["b", "c$"])
    }
}
