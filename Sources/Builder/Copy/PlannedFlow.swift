import Frontend
import Synchronization

/// What one folder brings, planned while it is written: an entry when it is asked for.
///
/// The entries of one folder come in the order of their paths, and none is looked back for. So nothing of the plan is
/// kept, and who writes does not wait until all is planned.
final class PlannedFlow: Sendable {
    private struct State: ~Copyable {
        var planner: CopyPlanner
        var walk: SourceWalk
    }

    private let state: Mutex<State>
    /// Where the recipe asks for it.
    private let span: SourceSpan?

    /// The folder, as the first source of its step.
    struct Source {
        let selected: SelectedSource
        let tree: any SourceTree
        let span: SourceSpan?
    }

    /// `planner`: one that passes on what is planned.
    init(_ planner: consuming CopyPlanner, _ folder: Source, to destination: String) throws(BuildError) {
        var planner = planner
        let selected = folder.selected
        let walk: SourceWalk
        do {
            walk = try planner.begin(
                selected.entry, named: selected.name, of: folder.tree, 0, to: destination, include: selected.include)
        } catch {
            throw error.at(folder.span)
        }
        state = Mutex(State(planner: planner, walk: walk))
        span = folder.span
    }

    func next() throws(BuildError) -> PlannedEntry? {
        do {
            return try state.withLock { state throws(BuildError) in
                while true {
                    if let planned = state.planner.takeNext() { return planned }
                    guard try state.planner.advance(&state.walk) else { return state.planner.takeLast() }
                }
            }
        } catch {
            throw error.at(span)
        }
    }
}
