import Frontend
import OCI

/// Paths, one a line, an empty line, and an ignore file.
struct IgnoreInput {
    let paths: [TreePath]
    let file: [UInt8]

    init(_ input: [UInt8]) {
        let parts = InputParts(input)
        paths = parts.lines.prefix(16).map { TreePath(normalising: $0) }
        file = parts.rest
    }

    func run() {
        let patterns: IgnorePatterns
        do { patterns = try IgnorePatterns(parsing: file) } catch {
            if let span = error.span { law("the pattern lies in the file", span.end <= file.count) }
            return
        }
        for path in paths {
            let isIgnored = patterns.matches(path)
            law("the root is always there", !path.isRoot || !isIgnored)
            guard !path.isRoot, !isIgnored else { continue }
            var folder = path.parent
            while !folder.isRoot {
                // Who walks the tree goes into an ignored folder only if this says so.
                law(
                    "nothing that is kept is overlooked",
                    !patterns.matches(folder) || patterns.mayHoldExceptions(below: folder))
                folder = folder.parent
            }
        }
    }
}
