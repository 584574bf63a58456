import Frontend
import Layers
import OCI

/// The trees that the sources of one COPY or ADD come from, by their place in the instruction.
struct CopySources: Sendable {
    /// `nil` for a source that has none, such as a heredoc.
    let trees: [(any SourceTree)?]

    init(trees: [(any SourceTree)?]) { self.trees = trees }

    init(_ frame: StepExecutor, _ inputs: StepInputs, _ copy: CopyOperation) throws(BuildError) {
        var trees: [(any SourceTree)?] = []
        for source in copy.sources {
            switch source {
            case .path(_, .context(let name), _): trees.append(try frame.contexts.tree(named: name).apart())
            case .path(_, .fileSystem(let system), _):
                trees.append(MergedSourceTree(tree: try frame.tree(inputs.result(system))))
            case .git(let address, let span):
                do { trees.append(try frame.remotes.checkout(of: address).tree.apart()) } catch { throw error.at(span) }
            case .web(let address, let checksum, let span):
                do { trees.append(try frame.remotes.file(at: address, expecting: checksum)) } catch {
                    throw error.at(span)
                }
            case .inline: trees.append(nil)
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
        SourceSelection(parents: parents, origin: source.origin)
    }
}
