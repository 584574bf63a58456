/// `ONBUILD instruction`: text that runs in builds that start from this image.
package struct Trigger: Hashable, Sendable {
    /// The inner instruction as the image will carry it: continuations joined, heredocs written out again.
    package let text: String
    /// The inner instruction's keyword as typed.
    package let keyword: Located<String>
}

extension Trigger {
    init(_ request: InstructionRequest) throws(Diagnostic) {
        guard !request.arguments.isEmpty else {
            throw request.missingArgument(.onbuild, "ONBUILD needs an instruction")
        }
        try request.refuseFlags(.onbuild)
        let inner = request.inner
        keyword = inner.typedKeyword
        if let inner = inner.keyword, [.onbuild, .from, .maintainer].contains(inner) {
            throw Diagnostic(
                .error, "bad-trigger", "\(inner.rawValue) cannot be a trigger", at: keyword.span,
                hint: "ONBUILD takes any instruction but FROM, MAINTAINER and ONBUILD")
        }
        try Self.checkShape(of: inner)
        let line = request.line
        let first = line.bytes.leadingTrimmed(line.range)
        let start = line.bytes[(first + request.typedKeyword.value.utf8.count)...].drop { $0.isBlank }.startIndex
        text = request.heredocs.appended(to: line.text(start..<line.bytes.count))
    }

    /// Refuses what could not even be stored; other mistakes show when the trigger runs.
    private static func checkShape(of inner: InstructionRequest) throws(Diagnostic) {
        switch inner.keyword {
        case .add, .copy, .cmd, .entrypoint, .run, .shell, .volume:
            _ = try JSONForm.strings(in: inner.arguments, of: inner.line)
        case .healthcheck:
            let kind = inner.line.bytes[inner.arguments].prefix { !$0.isBlank }
            _ = try JSONForm.strings(in: kind.endIndex..<inner.arguments.upperBound, of: inner.line)
        case .env: _ = try Binding.pairs(in: inner, of: .env)
        case .label: _ = try Binding.pairs(in: inner, of: .label)
        case .arg, .expose, .from, .maintainer, .onbuild, .stopsignal, .user, .workdir, nil: break
        }
    }
}
