/// An instruction with the place and the words it was read from.
package struct ParsedInstruction: Hashable, Sendable {
    package let instruction: Instruction
    package let keyword: Keyword
    /// The keyword as typed.
    package let typedKeyword: Located<String>
    /// From the keyword to the end of the last line, heredocs included.
    package let span: SourceSpan
    /// The instruction on one line: continuations and comments removed, heredoc bodies left out.
    package let text: String
    /// The comments above, without their `#`.
    package let leadingComments: [Located<String>]
    /// Blank lines within the instruction.
    package let blankLines: [SourceSpan]
    package let words: ParsedWords
}
