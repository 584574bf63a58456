/// Who owns a file: two numbers.
struct Ownership: Hashable, Sendable {
    let user: UInt32
    let group: UInt32

    static let root = Ownership(user: 0, group: 0)
}
