package import OCI

/// The graphs of one recipe for several platforms in one: a step that is the same for two of them is there once.
///
/// That is what makes cross-compiling cheap: a stage that begins with `FROM --platform=$BUILDPLATFORM` runs once for all
/// platforms, up to the first line that asks for one.
package struct CombinedGraph: Hashable, Sendable {
    /// Each step depends only on steps before it.
    package private(set) var steps: [Step] = []
    /// The image of each platform, in the order in which the platforms were given.
    package private(set) var images: [PlannedImage] = []
    /// Each once.
    package private(set) var warnings: [Diagnostic] = []
    /// `SOURCE_DATE_EPOCH` in seconds, if a build argument or a global ARG of the recipe sets it.
    package private(set) var epoch: Int64?

    /// What makes two steps one. Stage and number are in it so that a stage is never told under another's name.
    private struct Identity: Hashable {
        let base: FileSystem
        let operation: Operation
        let stage: String
        let number: Int
    }

    /// The graphs have to number their bases alike.
    package init(_ graphs: [(platform: Platform, graph: BuildGraph)]) {
        var known: [Identity: StepID] = [:]
        var told: Set<Diagnostic> = []
        for (platform, graph) in graphs {
            add(graph, for: graphs.count > 1 ? platform : nil, &known)
            warnings += graph.warnings.filter { told.insert($0).inserted }
            if epoch == nil { epoch = graph.epoch }
        }
    }

    private mutating func add(_ graph: BuildGraph, for platform: Platform?, _ known: inout [Identity: StepID]) {
        var names: [StepID: StepID] = [:]
        func renamed(_ fileSystem: FileSystem) -> FileSystem {
            guard case .step(let id) = fileSystem, let name = names[id] else { return fileSystem }
            return .step(name)
        }
        for var step in graph.steps {
            let old = step.id
            step.base = renamed(step.base)
            step.operation = step.operation.reading(renamed)
            let identity = Identity(
                base: step.base, operation: step.operation, stage: step.place.stage, number: step.place.number)
            if platform != nil, let same = known[identity] {
                steps[same.index].place.platform = nil
                names[old] = same
                continue
            }
            step.id = StepID(index: steps.count)
            step.place.platform = platform
            known[identity] = step.id
            names[old] = step.id
            steps.append(step)
        }
        let image = graph.image
        images.append(
            PlannedImage(
                fileSystem: renamed(image.fileSystem), config: image.config, base: image.base,
                history: image.history.map { line in
                    PlannedHistory(
                        createdBy: line.createdBy, comment: line.comment, step: line.step.flatMap { names[$0] })
                }))
    }
}
