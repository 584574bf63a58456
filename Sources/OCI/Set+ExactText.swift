extension Set<ExactText> {
    package init(names: [String]) { self.init(names.lazy.map { ExactText($0) }) }

    package func contains(_ name: String) -> Bool { contains(ExactText(name)) }
}
