import ArgumentParser
import Store

/// What may go when room is made.
struct PruneOptions: ParsableArguments {
    @Flag(name: .shortAndLong, help: "remove everything that can be made again")
    var all = false

    @Option(
        help: ArgumentHelp("remove what was not used for so long: 7d, 12h, or seconds", valueName: "time"))
    var olderThan: String?

    @Option(help: ArgumentHelp("the same as docker spells it: until=24h", valueName: "until=time"))
    var filter: String?

    @Option(
        help: ArgumentHelp("remove until the store takes no more: 20GB, 500MiB, or bytes", valueName: "size"))
    var maxSize: String?

    func policy(now: Int64) throws(Failure) -> RetentionPolicy {
        var policy = all ? RetentionPolicy.everything : RetentionPolicy()
        if let age = try age() {
            guard !all else { throw .usage("`--all` and an age exclude each other") }
            policy.unusedSince = now - Int64(age)
        }
        if let maxSize {
            guard let size = SizeOption.bytes(maxSize) else {
                throw .usage(
                    "`--max-size` does not take `\(maxSize)`", hint: "write bytes, or a size such as `20GB`")
            }
            policy.maximumSize = size
        }
        return policy
    }

    private func age() throws(Failure) -> Int? {
        if let olderThan {
            guard filter == nil else { throw .usage("`--older-than` and `--filter` say the same; give one") }
            return try Self.seconds(olderThan, of: "--older-than")
        }
        guard let filter else { return nil }
        guard filter.hasPrefix("until=") else {
            throw .usage("`--filter` does not take `\(filter)`", hint: "it takes `until=` and a time")
        }
        return try Self.seconds(String(filter.dropFirst("until=".utf8.count)), of: "--filter until")
    }

    private static func seconds(_ text: String, of flag: String) throws(Failure) -> Int {
        if text == "0" { return 0 }
        guard let seconds = DurationOption.seconds(text) else {
            throw .usage("`\(flag)` does not take `\(text)`", hint: "write seconds, or a time such as `7d` or `12h`")
        }
        return seconds
    }
}
