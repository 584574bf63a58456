import Linux

/// Entries whose files are opened before their turn comes, some at a time, by whoever has time for it.
///
/// Who needs the next ones and finds none opens them itself: it waits for nobody, unless somebody is at them.
final class OpenedAhead<Opener: EntryOpener>: Sendable {
    private typealias Portion = Result<[Opener.Entry], BuildError>

    private struct State: Sendable {
        /// `nil` while somebody opens, and at the end.
        var opener: Opener?
        /// What is open, in order.
        var portions: [Portion] = []
        var isEnded = false

        var mayOpenMore: Bool { opener != nil && portions.count < 2 }
    }

    /// What who needs entries does next.
    private enum Turn: Sendable {
        case take(Portion)
        case open(Opener)
        case end
    }

    private let state: SharedState<State>
    private let count: Int

    /// `count`: how many entries are opened at a time.
    init(by opener: Opener, portion count: Int) {
        state = SharedState(State(opener: opener))
        self.count = count
    }

    /// The next entries; none at the end.
    func take() throws(BuildError) -> [Opener.Entry] {
        let turn: Turn = state.wait { state in
            if !state.portions.isEmpty { return .take(state.portions.removeFirst()) }
            if let opener = state.opener.take() { return .open(opener) }
            return state.isEnded ? .end : nil
        }
        switch turn {
        case .take(let portion):
            // Who waits for room has it now.
            state.update { _ in }
            return try portion.get()
        case .open(let opener): return try open(with: opener) { _, _ in }.get()
        case .end: return []
        }
    }

    /// Opens some, unless enough are open or somebody is at it. Returns whether there is more to be done now.
    func open() -> Bool {
        guard let opener = state.wait(for: { .some($0.mayOpenMore ? $0.opener.take() : nil) }) else { return false }
        _ = open(with: opener) { state, portion in state.portions.append(portion) }
        return state.wait { .some($0.mayOpenMore) }
    }

    /// Opens all of them, a few before each is needed.
    func openAll() {
        while state.wait(for: { $0.isEnded ? false : $0.mayOpenMore ? true : nil }) { _ = open() }
    }

    /// Nobody wants the rest.
    func close() {
        state.update { state in
            state.opener = nil
            state.portions = []
            state.isEnded = true
        }
    }

    /// `keep` gets what is open, unless nobody wants it any more.
    private func open(with opener: Opener, keep: (inout State, Portion) -> Void) -> Portion {
        var opener = opener
        let portion = Portion { () throws(BuildError) in try opener.next(count) }
        let isLast = (try? portion.get())?.count != count
        state.update { state in
            guard !state.isEnded else { return }
            state.opener = isLast ? nil : opener
            state.isEnded = isLast
            keep(&state, portion)
        }
        return portion
    }
}

extension EntryOpener {
    /// The next entries; fewer than `count` only at the end.
    fileprivate mutating func next(_ count: Int) throws(BuildError) -> [Entry] {
        var entries: [Entry] = []
        entries.reserveCapacity(count)
        while entries.count < count, let entry = try next() { entries.append(entry) }
        return entries
    }
}
