import ArgumentParser
import Store
import Testing

@testable import layerbuild

@Suite("What `prune` may remove")
struct PruneOptionsTests {
    private func policy(_ arguments: String...) throws -> RetentionPolicy {
        try PruneOptions.parse(arguments).policy(now: 1_000_000_000)
    }

    @Test("is nothing that the cache holds, if no flag says so")
    func plain() throws { #expect(try policy() == RetentionPolicy()) }

    @Test("is told by age, in our words or in docker's")
    func age() throws {
        #expect(try policy("--older-than", "7d").unusedSince == 1_000_000_000 - 7 * 86_400)
        #expect(try policy("--filter", "until=24h") == policy("--older-than", "1d"))
        #expect(try policy("--older-than", "0").unusedSince == 1_000_000_000)
    }

    @Test("is told by size")
    func size() throws { #expect(try policy("--max-size", "2GB").maximumSize == 2_000_000_000) }

    @Test("is everything that can be made again with `-a`")
    func all() throws { #expect(try policy("-a") == .everything) }

    @Test(
        "is refused where it makes no sense",
        arguments: [
            ["--older-than", "soon"], ["--filter", "label=x"], ["--filter", "until=2020-01-01"], ["--max-size", "big"],
            ["-a", "--older-than", "1d"], ["--older-than", "1d", "--filter", "until=1d"],
        ])
    func refused(arguments: [String]) throws {
        let options = try PruneOptions.parse(arguments)
        #expect(failure { _ = try options.policy(now: 0) }?.exitCode == .usage)
    }
}
