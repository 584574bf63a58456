/// What a rule has found, before it is known whether anybody wants to hear it.
struct LintDraft {
    /// When the rule says so.
    enum Occasion: Hashable, Sendable {
        case always
        /// Only where `experimental=` names the rule: most recipes mean it that way.
        case onRequest
    }

    let message: String
    let span: SourceSpan
    /// The instructions whose comments have a say in it.
    let instructions: [ParsedInstruction]
    var hint: String?
    var occasion = Occasion.always

    init(
        _ message: String, at span: SourceSpan, of instructions: ParsedInstruction..., hint: String? = nil,
        occasion: Occasion = .always
    ) {
        self.message = message
        self.span = span
        self.instructions = instructions
        self.hint = hint
        self.occasion = occasion
    }
}
