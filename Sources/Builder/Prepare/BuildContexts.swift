import Frontend
import Glibc
import Linux
import OCI
import Store
import Synchronization
import SystemPackage

/// The folders that a build copies from: its context and those given by name. Each is walked once, when first asked for.
final class BuildContexts: Sendable {
    /// A context that has not been walked yet.
    struct Unscanned: Sendable {
        let folder: FilePath
        let patterns: IgnorePatterns
    }

    private let unscanned: [ExactText?: Unscanned]
    private let trees: Mutex<[ExactText?: ContextTree]> = Mutex([:])
    private let digests: FileDigestCache
    private let outputs: OutputFilter
    private let threads: Int
    private let recording: FilePath?

    /// `folders`: by name; `nil` is the main context. `threads`: how many walk at once. `recording`: where long lists
    /// may be kept; `nil` keeps them in memory.
    init(
        _ folders: [ExactText?: Unscanned], digests: FileDigestCache, outputs: OutputFilter, threads: Int,
        recordingIn recording: FilePath? = nil
    ) {
        unscanned = folders
        self.recording = recording
        self.threads = threads
        self.digests = digests
        self.outputs = outputs
    }

    func tree(named name: String?) throws(BuildError) -> ContextTree {
        let name = name.map { ExactText($0) }
        let found = trees.withLock { trees -> Result<ContextTree, BuildError> in
            if let tree = trees[name] { return .success(tree) }
            do throws(BuildError) {
                let tree = try scan(name)
                trees[name] = tree
                return .success(tree)
            } catch {
                return .failure(error)
            }
        }
        return try found.get()
    }

    private func scan(_ name: ExactText?) throws(BuildError) -> ContextTree {
        guard let context = unscanned[name] else {
            throw BuildError(
                .recipe, "no-context", "this build has no context to copy from",
                hint: "give a folder instead of `-`, or copy from a stage")
        }
        let outputs = self.outputs
        let scanner = ContextScanner(patterns: context.patterns, threads: threads) { path, status throws(BuildError) in
            try outputs.isOutput(path, below: context.folder, status)
        }
        let manifest = try scanner.scan(context.folder, recordingIn: recording)
        return try ContextTree(manifest, ContentDigests(digests, count: manifest.count))
    }
}
