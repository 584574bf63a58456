/// One instruction of a recipe, parsed but not yet expanded.
///
/// Payloads carry `Word`s where the recipe may use variables and plain values where it may not, so the type says which
/// expansion is still owed. Adding a case makes the compiler list every place that has to decide about it.
package enum Instruction: Hashable, Sendable {
    // Begins a stage
    case from(From)

    // Filesystem: becomes a step
    case add(Add)
    case copy(Copy)
    case run(Run)
    case workdir(Word)

    // Image configuration: makes no layer
    case arg([Argument])
    case cmd(CommandLine)
    case entrypoint(CommandLine)
    case env([Binding])
    case expose([Word])
    case healthcheck(HealthcheckInstruction)
    case label([Binding])
    case maintainer(Located<String>)
    case onbuild(Trigger)
    case shell([Located<String>])
    case stopsignal(Word)
    case user(Word)
    case volume([Word])
}
