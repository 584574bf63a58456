/// The character that takes the meaning from the one that follows, and continues a line at its end.
package enum EscapeCharacter: UInt8, Hashable, Sendable {
    case backslash = 0x5C
    case backtick = 0x60
}
