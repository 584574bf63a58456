/// `--chmod`: a number, or words like `u=rwX,go=rX`, applied to each file and folder but to no link.
package struct ModeChange: Hashable, Sendable {
    private enum Form: Hashable, Sendable {
        case absolute(UInt16)
        case symbolic([Clause])
    }

    /// `u+x`: on whom, how, and what.
    private struct Clause: Hashable, Sendable {
        /// The bits of the classes named: a mask over the twelve.
        let mask: UInt16
        let actions: [Action]
    }

    private struct Action: Hashable, Sendable {
        enum Operator: Hashable, Sendable { case add, remove, set }
        let how: Operator
        var bits: UInt16 = 0
        /// `X`: execute, if it is a folder or anybody may execute already.
        var conditionalExecute = false
        /// `u`, `g` or `o` on the right-hand side: the bits of that class, by its shift.
        var copiedFrom: UInt16?
    }

    /// As it was written.
    package let text: String
    private let form: Form

    /// The number, if it is one; then it holds for the folders that are created on the way as well.
    package var absolute: UInt16? {
        if case .absolute(let mode) = form { mode } else { nil }
    }

    /// Returns: `nil` if the text is neither an octal number up to 7777 nor words of chmod.
    package init?(_ text: String) {
        self.text = text
        if text.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "7")).contains($0) }) {
            guard let mode = UInt16(text, radix: 8), mode <= 0o7777 else { return nil }
            form = .absolute(mode)
            return
        }
        var clauses: [Clause] = []
        for part in text.split(separator: ",", omittingEmptySubsequences: false) {
            guard let clause = Self.clause(part) else { return nil }
            clauses.append(clause)
        }
        form = .symbolic(clauses)
    }

    private static func clause(_ text: Substring) -> Clause? {
        var rest = text
        var mask: UInt16 = 0
        while let who = rest.first, let bits = classes[who] {
            mask |= bits
            rest.removeFirst()
        }
        if mask == 0 { mask = 0o7777 }

        var actions: [Action] = []
        while let sign = rest.first {
            guard let how = operators[sign] else { return nil }
            rest.removeFirst()
            var action = Action(how: how)
            let permissions = rest.prefix { operators[$0] == nil }
            // A class stands alone.
            action.copiedFrom = permissions.count == 1 ? permissions.first.flatMap { shifts[$0] } : nil
            guard action.copiedFrom != nil || permissions.allSatisfy({ add($0, to: &action) }) else { return nil }
            rest = rest.dropFirst(permissions.count)
            actions.append(action)
        }
        return actions.isEmpty ? nil : Clause(mask: mask, actions: actions)
    }

    private static let classes: [Character: UInt16] = ["u": 0o4700, "g": 0o2070, "o": 0o1007, "a": 0o7777]
    /// How far the bits of a class lie from the right.
    private static let shifts: [Character: UInt16] = ["u": 6, "g": 3, "o": 0]
    private static let operators: [Character: Action.Operator] = ["+": .add, "-": .remove, "=": .set]

    private static func add(_ letter: Character, to action: inout Action) -> Bool {
        switch letter {
        case "r": action.bits |= 0o444
        case "w": action.bits |= 0o222
        case "x": action.bits |= 0o111
        case "X": action.conditionalExecute = true
        case "s": action.bits |= 0o6000
        case "t": action.bits |= 0o1000
        default: return false
        }
        return true
    }

    /// The mode that `mode` becomes.
    package func applied(to mode: UInt16, isFolder: Bool) -> UInt16 {
        switch form {
        case .absolute(let mode): return mode
        case .symbolic(let clauses):
            var mode = mode
            for clause in clauses {
                for action in clause.actions { mode = Self.apply(action, clause.mask, to: mode, isFolder) }
            }
            return mode
        }
    }

    private static func apply(_ action: Action, _ mask: UInt16, to mode: UInt16, _ isFolder: Bool) -> UInt16 {
        var bits = action.bits
        if action.conditionalExecute, isFolder || mode & 0o111 != 0 { bits |= 0o111 }
        if let shift = action.copiedFrom { bits |= ((mode >> shift) & 0o7) * 0o111 }
        bits &= mask
        // The sticky bit belongs to no class when it is named alone.
        if action.bits & 0o1000 != 0 { bits |= 0o1000 }
        switch action.how {
        case .add: return mode | bits
        case .remove: return mode & ~bits
        case .set: return mode & ~mask | bits
        }
    }
}
