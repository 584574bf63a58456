import Frontend
import Layers
import OCI

/// The trees that the sources of one COPY or ADD come from, by their place in the instruction.
struct CopySources {
    /// `nil` for a source that is no path, such as a heredoc.
    let trees: [(any SourceTree)?]

    init(_ frame: StepExecutor, _ inputs: StepInputs, _ copy: CopyOperation) throws(BuildError) {
        var trees: [(any SourceTree)?] = []
        for source in copy.sources {
            switch source.origin {
            case .context(let name): trees.append(try frame.contexts.tree(named: name))
            case .fileSystem(let system):
                trees.append(MergedSourceTree(tree: try frame.tree(inputs.result(system))))
            case nil: trees.append(nil)
            }
        }
        self.trees = trees
    }
}

extension CopyOperation {
    /// `--exclude`, ready to be matched; `nil` if there is none.
    func excludePatterns() throws(BuildError) -> IgnorePatterns? {
        guard !excludes.isEmpty else { return nil }
        do { return try IgnorePatterns(excludes.map { Array($0.utf8) }) } catch { throw BuildError(error) }
    }

    /// How the paths of a source are looked up.
    func selection(of source: Source) -> SourceSelection {
        let origin =
            switch source.origin {
            case .context(nil): "the build context"
            case .context(let name?): "the context `\(name)`"
            case .fileSystem, nil: "the file system that is copied from"
            }
        return SourceSelection(parents: parents, origin: origin)
    }
}
