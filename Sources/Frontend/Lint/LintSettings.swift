import OCI

/// Which rules are wanted: `# check=skip=A,B;error=true;experimental=C`.
package struct LintSettings: Hashable, Sendable {
    /// Some rules, or all of them.
    enum Choice: Hashable, Sendable {
        case all
        case named(Set<String>)

        static let none = Choice.named([])

        func contains(_ rule: String) -> Bool {
            switch self {
            case .all: true
            case .named(let names): names.contains(rule)
            }
        }

        func names(_ rule: String) -> Bool {
            if case .named(let names) = self { names.contains(rule) } else { false }
        }

        func union(_ other: Choice) -> Choice {
            switch (self, other) {
            case (.named(let left), .named(let right)): .named(left.union(right))
            case (.all, _), (_, .all): .all
            }
        }
    }

    private(set) var skipped = Choice.none
    private(set) var experimental = Choice.none
    /// Whether binding findings fail the build.
    package private(set) var failsBuild = false

    package init() {}

    /// The settings of a build: those of its argument BUILDKIT_DOCKERFILE_CHECK, or else those of the recipe.
    /// - Throws: `bad-check`, at the directive if that is where they stand.
    package init(of file: RecipeFile, _ options: PlanOptions) throws(Diagnostic) {
        if let given = options.arguments["BUILDKIT_DOCKERFILE_CHECK"] {
            try self.init(parsing: given, at: nil)
        } else if let directive = file.directives.check {
            try self.init(parsing: directive.value.cut(at: " ").before, at: directive.span)
        } else {
            self.init()
        }
    }

    init(parsing text: String, at span: SourceSpan?) throws(Diagnostic) {
        let text = text.trimmed
        guard !text.isEmpty else { return }
        for part in text.unicodeScalars.split(separator: ";", maxSplits: 2, omittingEmptySubsequences: false) {
            let part = Substring(part)
            guard case (let name, let value?) = part.cut(at: "=") else { throw Self.bad(part.trimmed, span) }
            switch name.trimmed {
            case "skip": skipped = Self.choice(value.trimmed)
            case "experimental": experimental = Self.choice(value.trimmed)
            case "error":
                do { failsBuild = try Word(value.trimmed).truth(of: "error") } catch {
                    throw Self.bad(part.trimmed, span)
                }
            case _: throw Self.bad(part.trimmed, span)
            }
        }
    }

    private static func choice(_ text: String) -> Choice {
        text == "all" ? .all : .named(Set(text.parts(between: ",").map(\.trimmed)))
    }

    private static func bad(_ part: String, _ span: SourceSpan?) -> Diagnostic {
        Diagnostic(
            .error, "bad-check", "`\(part)` does not say what to check", at: span,
            hint: "write `skip=RULE,RULE`, `experimental=RULE` or `error=true`, with `;` between them")
    }
}

extension LintSettings {
    /// These settings and what the comments above an instruction add for it: the first that is a setting counts.
    func adding(_ comments: [Located<String>]) -> LintSettings {
        for comment in comments {
            let source = RecipeSource(name: "", text: comment.value)
            guard let setting = DirectiveSetting(0..<source.bytes.count, of: source, after: ""), setting.name == "check"
            else { continue }
            let text = setting.value.value.cut(at: " ").before
            // Docker takes a comment that it does not understand for a comment.
            guard let local = try? LintSettings(parsing: text, at: nil) else { return self }
            var merged = self
            merged.skipped = skipped.union(local.skipped)
            merged.experimental = experimental.union(local.experimental)
            return merged
        }
        return self
    }

    /// What becomes of a finding; `nil` if nobody wants to hear it.
    func judge(_ rule: any LintRule, _ occasion: LintDraft.Occasion) -> Bool? {
        let isNamed = experimental.names(rule.name)
        switch rule.origin {
        case .docker: return skipped.contains(rule.name) ? nil : true
        case .experimental: return experimental.contains(rule.name) ? true : nil
        case .own:
            if isNamed { return true }
            return skipped.contains(rule.name) || occasion == .onRequest ? nil : false
        }
    }
}

extension StringProtocol {
    /// Without white space at either end.
    fileprivate var trimmed: String {
        let bytes = Array(utf8)
        return String(decoding: bytes[bytes.trimmed(0..<bytes.count)], as: UTF8.self)
    }
}
