import Store

/// Says in one phrase why a step has to be done.
enum MissExplanation {
    static let unheardOf = "not built before"

    /// `earlier`: the key that this place in the recipe had last; `nil` if it never had one.
    static func phrase(_ key: CacheKey, since earlier: CacheKey?) throws(BuildError) -> String {
        guard let earlier else { return unheardOf }
        guard earlier.kind == key.kind else { return "the instruction is another one" }
        let changes = try fromStore { () throws(StoreError) in try key.changes(since: earlier) }
        guard let first = changes.first(where: { !isBase($0) }) ?? changes.first else {
            return "its earlier result is gone"
        }
        let others = changes.count > 1 ? " and \(changes.count - 1) more" : ""
        return sentence(first) + others
    }

    /// Every reason, in a sentence each.
    static func sentences(_ key: CacheKey, since earlier: CacheKey?) throws(BuildError) -> [String] {
        guard let earlier, earlier.kind == key.kind else { return [try phrase(key, since: earlier)] }
        let changes = try fromStore { () throws(StoreError) in try key.changes(since: earlier) }
        return changes.isEmpty ? [try phrase(key, since: earlier)] : changes.map(sentence)
    }

    private static func isBase(_ change: IngredientChange) -> Bool { change.name.elementsEqual("base".utf8) }

    private static func sentence(_ change: IngredientChange) -> String {
        let name = String(decoding: change.name, as: UTF8.self)
        if name == "base" { return "the step it stands on left other files" }
        return switch change {
        case .added: "\(name) is new"
        case .removed: "\(name) is gone"
        case .changed: "\(name) changed"
        }
    }
}
