package import OCI

/// One layer to be made: an instruction that touches files, with everything it depends on.
package struct Step: Hashable, Sendable {
    package internal(set) var id: StepID
    /// What the step's files are laid over.
    package internal(set) var base: FileSystem
    package internal(set) var operation: Operation
    /// For people: where in the recipe this is.
    package internal(set) var place: Place
    /// For people: the instruction, variables expanded where BuildKit expands them, on one line.
    package let text: String
    /// Where the recipe says so; `nil` for a trigger that a base brought along.
    package let origin: SourceSpan?

    /// The stage's name or number, and which of how many instructions of the stage that make files this is.
    package struct Place: Hashable, Sendable {
        /// The name; `stage-N` if the stage has none.
        package let stage: String
        /// From 1; a stage's FROM counts if it names an image.
        package let number: Int
        package let count: Int
        /// In a build for several platforms the one that the step is for; `nil` if it is for more than one.
        package internal(set) var platform: Platform?

        package init(stage: String, number: Int, count: Int) {
            self.stage = stage
            self.number = number
            self.count = count
        }
    }

    package init(
        id: StepID, base: FileSystem, operation: Operation, place: Place, text: String, origin: SourceSpan? = nil
    ) {
        self.id = id
        self.base = base
        self.operation = operation
        self.place = place
        self.text = text
        self.origin = origin
    }

    /// The file systems this step needs before it can start, its base first.
    package var dependencies: [FileSystem] { [base] + operation.sources }
}
