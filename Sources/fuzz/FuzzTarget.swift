/// What can be fuzzed: each takes one input and either comes back or traps.
///
/// That an input is refused is nothing to report. Beyond that nothing may trap or hang, each target holds what it gets
/// back to laws that are true for every input.
enum FuzzTarget: String, CaseIterable {
    case recipe
    case ignore
    case expansion
    case document
    case name
    case tar
    case layer

    /// `--target=NAME`.
    init?(argument: String) {
        let prefix = "--target="
        guard argument.hasPrefix(prefix) else { return nil }
        self.init(rawValue: String(argument.dropFirst(prefix.count)))
    }

    func run(_ input: [UInt8]) {
        switch self {
        case .recipe: RecipeInput(input).run()
        case .ignore: IgnoreInput(input).run()
        case .expansion: ExpansionInput(input).run()
        case .document: DocumentInput(input).run()
        case .name: NameInput(input).run()
        case .tar: TarInput(input).run()
        case .layer: LayerInput(input).run()
        }
    }
}
