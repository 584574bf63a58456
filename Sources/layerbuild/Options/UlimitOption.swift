import Frontend
import Linux

/// One `--ulimit` as typed: `NAME=SOFT[:HARD]`, each a number or `-1` for no bound.
struct UlimitOption {
    /// The names of docker with the kernel's numbers (getrlimit(2)), which are the same on every architecture we know.
    private static let resources: [String: Int32] = [
        "cpu": 0, "fsize": 1, "data": 2, "stack": 3, "core": 4, "rss": 5, "nproc": 6, "nofile": 7, "memlock": 8,
        "as": 9, "locks": 10, "sigpending": 11, "msgqueue": 12, "nice": 13, "rtprio": 14, "rttime": 15,
    ]

    let limit: SpawnPlan.Limit

    init(_ text: String) throws(Failure) {
        let (name, value) = try BuildOptions.pair(text, of: "--ulimit")
        guard let resource = Self.resources[name] else {
            throw .choice("--ulimit", name, Self.resources.keys.sorted())
        }
        let bounds = (value ?? "").split(separator: ":", omittingEmptySubsequences: false).map(Self.bound)
        guard (1...2).contains(bounds.count), let soft = bounds[0], let hard = bounds[bounds.count - 1] else {
            throw .usage(
                "`--ulimit \(text)` has no bound", hint: "write `--ulimit \(name)=1024` or `\(name)=1024:4096`")
        }
        guard soft <= hard else { throw .usage("the soft bound of `--ulimit \(text)` is above the hard one") }
        limit = SpawnPlan.Limit(resource: resource, soft: soft, hard: hard)
    }

    /// `RLIM_INFINITY` is the largest number.
    private static func bound(_ text: Substring) -> UInt64? {
        if text == "-1" { return .max }
        guard text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        return UInt64(text)
    }
}
