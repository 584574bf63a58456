package import Frontend

/// Something that happened in a build and that somebody may want to see.
package enum BuildEvent: Sendable {
    /// The recipe has been read. Warnings and errors point into it.
    case recipe(RecipeSource)
    /// The plan is known: how many steps there are.
    case planned([StepHeading])
    case warning(Diagnostic)
    /// What the rules found in the recipe.
    case findings([LintFinding])
    /// A note that belongs to no step.
    case note(String)
    case step(StepID, StepEvent)
    /// Work outside the steps, like reading a base or writing an output: started, moved on, ended.
    case task(TaskID, TaskEvent)
}

/// What a step is called.
package struct StepHeading: Hashable, Sendable {
    package let id: StepID
    package let place: Step.Place
    package let text: String

    package init(_ step: Step) {
        id = step.id
        place = step.place
        text = step.text
    }
}

/// What happened to a step.
package enum StepEvent: Sendable {
    case started
    /// The record was there; nothing is executed.
    case cached
    /// The step has to be done: one phrase says why.
    case missed(reason: String)
    /// Bytes of the command's output, as they came.
    case output([UInt8], stream: OutputStream)
    /// Bytes done of a long copy or of packing; the total if it is known.
    case progress(done: Int64, total: Int64?)
    /// Seconds it took, and the size of the layer's files.
    case finished(seconds: Double, layerSize: Int64?)
    case failed(seconds: Double)
}

package enum OutputStream: String, Hashable, Sendable {
    case standardOutput = "stdout"
    case standardError = "stderr"
}

/// Names a task among the tasks of a build.
package struct TaskID: Hashable, Sendable {
    package let name: String

    package init(_ name: String) { self.name = name }
}

package enum TaskEvent: Sendable {
    case started
    case progress(done: Int64, total: Int64?)
    case finished(seconds: Double, detail: String?)
    case failed
}

/// Takes events, from any thread, in the order in which each step or task caused them. It must not block for long.
package typealias EventSink = @Sendable (BuildEvent) -> Void
