import OCI

/// The arguments that hold for a whole build: those of the command line, and the global ones before the first FROM.
struct BuildArguments: Hashable, Sendable {
    /// `--build-arg`.
    let given: ExactMap<String>
    /// What FROM lines see, and what `ARG NAME` in a stage takes up.
    private(set) var global: Variables

    /// - Throws: what expanding the default of a global ARG throws, and that no other program can read the recipe.
    init(_ options: PlanOptions, globals: [Argument], targetStage: String?) throws(Diagnostic) {
        var given = options.arguments
        if let syntax = given["BUILDKIT_SYNTAX"] { try SyntaxDirective.check(argument: syntax) }
        if given[Self.epochName]?.isEmpty == true { given[Self.epochName] = nil }
        if let text = given[Self.epochName] { given[Self.epochName] = Self.settled(text, options) }
        self.given = given
        global = Self.automatic(options, targetStage: targetStage)
        for name in global.names {
            if let value = given[name] { global[name] = value }
        }
        for argument in globals {
            if let value = given[argument.name.value] {
                global[argument.name.value] = value
            } else if let word = argument.value {
                global[argument.name.value] = try word.expanded(in: global)
            }
        }
        if let text = global[Self.epochName] { global[Self.epochName] = Self.settled(text, options) }
    }

    private static let epochName = "SOURCE_DATE_EPOCH"

    /// A name's number, once it is known; nothing for a name of what has no time.
    private static func settled(_ text: String, _ options: PlanOptions) -> String {
        guard let found = options.times[text] else { return text }
        return found.map { String($0) } ?? ""
    }

    /// The moment that stands for the time of the build, in seconds or as the name of what has it; `nil` if nothing
    /// sets one.
    var epoch: String? {
        guard let text = given[Self.epochName] ?? global[Self.epochName], !text.isEmpty else { return nil }
        return text
    }

    /// True if the command line sets it, and not the recipe.
    var isEpochGiven: Bool { given[Self.epochName] != nil }

    /// The arguments that are always there: the platforms, and the stage that is wanted.
    private static func automatic(_ options: PlanOptions, targetStage: String?) -> Variables {
        var variables = Variables()
        for (prefix, platform) in [("BUILD", options.buildPlatform), ("TARGET", options.platform)] {
            variables["\(prefix)PLATFORM"] = platform.description
            variables["\(prefix)OS"] = platform.os
            variables["\(prefix)OSVERSION"] = platform.osVersion ?? ""
            variables["\(prefix)ARCH"] = platform.architecture
            variables["\(prefix)VARIANT"] = platform.variant ?? ""
        }
        variables["TARGETSTAGE"] = targetStage ?? "default"
        return variables
    }

    /// `NAME=value` for the proxies among the given arguments, in both spellings: RUN sees them without any ARG. An empty
    /// one is none.
    var proxies: [String] {
        var values: [String: String] = [:]
        for (name, value) in given.sorted where Self.proxyNames.contains(name.lowercased()) {
            values[name.lowercased()] = value
        }
        return values.filter { !$0.value.isEmpty }.sorted { $0.key < $1.key }
            .flatMap { ["\($0.key.uppercased())=\($0.value)", "\($0.key)=\($0.value)"] }
    }

    private static let proxyNames: Set<String> = ["http_proxy", "https_proxy", "ftp_proxy", "no_proxy", "all_proxy"]

    /// A warning for what was given and that no ARG takes up.
    func unused(declared: Set<ExactText>) -> Diagnostic? {
        let known = declared.union(Set(names: global.names)).union([ExactText(Self.epochName)])
        let unused = given.names.filter { name in
            !known.contains(name) && !Self.proxyNames.contains(name.lowercased())
                && !name.utf8.starts(with: "BUILDKIT_".utf8)
        }
        guard let first = unused.first else { return nil }
        let names = unused.map { "`\($0)`" }.joined(separator: ", ")
        let message =
            unused.count == 1 ? "no ARG takes the build argument \(names)" : "no ARG takes the build arguments \(names)"
        let hint = closest(to: first, in: declared.map(\.text)).map { "did you mean `\($0)`?" }
        return Diagnostic(.warning, "unused-build-argument", message, hint: hint)
    }
}
