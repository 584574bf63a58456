/// Replaces variables: segments and an environment → text.
///
/// Both branches of a substitution are always evaluated, so an error in the unused one is an error too.
struct Expander<Environment: VariableLookup> {
    let environment: Environment
    let origin: Origin
    private(set) var used: [Located<String>] = []
    private(set) var unset: [Located<String>] = []
    /// Bytes made so far, in discarded branches too: what bounds the work.
    private var produced = 0

    init(_ environment: Environment, origin: Origin) {
        self.environment = environment
        self.origin = origin
    }

    mutating func text(of segments: [WordSegment]) throws(Diagnostic) -> [UInt8] {
        var text: [UInt8] = []
        for segment in segments { text += try bytes(of: segment, after: text.count) }
        return text
    }

    /// The bytes of one segment, of which `length` bytes precede it.
    mutating func bytes(of segment: WordSegment, after length: Int) throws(Diagnostic) -> [UInt8] {
        let bytes: [UInt8]
        switch segment.content {
        case .literal(let literal): bytes = literal
        case .variable(let name): bytes = Array((value(of: name, segment) ?? "").utf8)
        case .substitution(let substitution): bytes = try substitute(substitution, segment)
        }
        produced += bytes.count
        guard length + bytes.count <= Expansion.maximumSize, produced <= Expansion.maximumSize * 16 else {
            throw tooLarge(segment)
        }
        return bytes
    }

    private mutating func value(of name: String, _ segment: WordSegment) -> String? {
        let place = Located(name, at: origin.span(segment.range))
        guard let value = environment.value(of: name) else {
            unset.append(place)
            return nil
        }
        used.append(place)
        return value
    }

    private mutating func substitute(
        _ substitution: Substitution, _ segment: WordSegment
    ) throws(Diagnostic) -> [UInt8] {
        switch substitution.operation {
        case .fallback(let word):
            let fallback = try text(of: word)
            return present(substitution, segment) ?? fallback
        case .alternative(let word):
            let alternative = try text(of: word)
            return present(substitution, segment) == nil ? [] : alternative
        case .required(let word):
            let message = try text(of: word)
            guard let value = present(substitution, segment) else { throw missing(substitution, message, segment) }
            return value
        case .withoutPrefix(let pattern):
            return try trimmed(substitution, pattern, segment, .hash) { pattern, value, longest in
                value.dropFirst(pattern.prefixLength(of: value, longest: longest) ?? 0)
            }
        case .withoutSuffix(let pattern):
            return try trimmed(substitution, pattern, segment, UInt8(ascii: "%")) { pattern, value, longest in
                value.dropLast(pattern.suffixLength(of: value, longest: longest) ?? 0)
            }
        case .replacing(let pattern, let word, let everywhere):
            let pattern = try text(of: pattern)
            let replacement = try text(of: word)
            let value = scalars(Array((value(of: substitution.name, segment) ?? "").utf8))
            return try replace(try glob(pattern[...], segment), in: value, by: replacement, everywhere, segment)
        }
    }

    /// The value, unless the form says that it does not count.
    private mutating func present(_ substitution: Substitution, _ segment: WordSegment) -> [UInt8]? {
        let value = value(of: substitution.name, segment)
        return substitution.emptyIsUnset && value?.isEmpty == true ? nil : value.map { Array($0.utf8) }
    }

    private mutating func trimmed(
        _ substitution: Substitution, _ word: [WordSegment], _ segment: WordSegment, _ doubled: UInt8,
        _ trim: (ExpansionPattern, [Unicode.Scalar], Bool) -> ArraySlice<Unicode.Scalar>
    ) throws(Diagnostic) -> [UInt8] {
        let typed = try text(of: word)
        let longest = typed.first == doubled
        let pattern = try glob(longest ? typed.dropFirst() : typed[...], segment)
        let value = scalars(Array((value(of: substitution.name, segment) ?? "").utf8))
        try limitWork(pattern, value, segment)
        return utf8(trim(pattern, value, longest))
    }

    private func replace(
        _ pattern: ExpansionPattern, in value: [Unicode.Scalar], by replacement: [UInt8], _ everywhere: Bool,
        _ segment: WordSegment
    ) throws(Diagnostic) -> [UInt8] {
        try limitWork(pattern, value, segment)
        var result: [UInt8] = []
        var (position, copied, lastEnd) = (0, 0, -1)
        while position <= value.count, let match = pattern.firstMatch(in: value, from: position) {
            // An empty match right behind the last one is not another match.
            if !match.isEmpty || match.lowerBound > lastEnd {
                result += utf8(value[copied..<match.lowerBound])
                result += everywhere ? ReplacementTemplate(replacement).filled(with: utf8(value[match])) : replacement
                (copied, lastEnd) = (match.upperBound, match.upperBound)
            }
            guard result.count <= Expansion.maximumSize else { throw tooLarge(segment) }
            guard everywhere else { break }
            position = match.isEmpty ? match.upperBound + 1 : match.upperBound
        }
        return result + utf8(value[copied...])
    }
}

extension Expander {
    private func scalars(_ bytes: [UInt8]) -> [Unicode.Scalar] {
        Array(String(decoding: bytes, as: UTF8.self).unicodeScalars)
    }

    private func utf8(_ scalars: ArraySlice<Unicode.Scalar>) -> [UInt8] {
        var text = String.UnicodeScalarView()
        text.append(contentsOf: scalars)
        return Array(String(text).utf8)
    }

    private func glob(_ text: ArraySlice<UInt8>, _ segment: WordSegment) throws(Diagnostic) -> ExpansionPattern {
        do { return try ExpansionPattern(String(decoding: text, as: UTF8.self).unicodeScalars) } catch {
            let typed = String(decoding: text, as: UTF8.self)
            throw Diagnostic(
                .error, "bad-pattern", "the pattern `\(typed)` has a backslash before a character that needs none",
                at: origin.span(segment.range), hint: "in patterns `\\` may stand before `*`, `?` and `\\` only")
        }
    }

    private func limitWork(
        _ pattern: ExpansionPattern, _ value: [Unicode.Scalar], _ segment: WordSegment
    ) throws(Diagnostic) {
        let (work, isHuge) = pattern.count.multipliedReportingOverflow(by: value.count)
        guard !isHuge, work <= 1 << 26 else { throw tooLarge(segment) }
    }

    private func tooLarge(_ segment: WordSegment) -> Diagnostic {
        Diagnostic(
            .error, "expansion-too-large", "replacing this variable makes more than \(Expansion.maximumSize) bytes",
            at: origin.span(segment.range))
    }

    private func missing(_ substitution: Substitution, _ message: [UInt8], _ segment: WordSegment) -> Diagnostic {
        let isSet = environment.value(of: substitution.name) != nil
        let reason = message.isEmpty ? "is not allowed to be \(isSet ? "empty" : "unset")" : nil
        return Diagnostic(
            .error, "required-variable", "`\(substitution.name)` \(reason ?? String(decoding: message, as: UTF8.self))",
            at: origin.span(segment.range), hint: "pass a value with `--build-arg` or set one with ARG or ENV")
    }
}
