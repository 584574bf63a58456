import Linux

extension LayerError: CustomStringConvertible {
    /// One clause for the author of a recipe.
    package var description: String {
        switch self {
        case .system(let error): error.description
        case .changedWhileReading(let path): "`\(path)` changed while it was read"
        case .reservedName(let path): "`\(path)` cannot be in a layer, where names with `.wh.` stand for deletions"
        case .redirected(let path): "`\(path)` refers to a lower layer instead of holding what it shows"
        case .unwritable(let path, let reason): "`\(path)` has no form in a tar: \(reason)"
        case .compressor(let reason), .corrupt(let reason): reason
        case .notAnArchive: "this is no tar, not even a compressed one"
        case .refused(let name, let reason): "`\(name)`: \(reason)"
        case .tooLarge(let what, let limit): "\(what) is more than \(limit)"
        case .mismatch(let what, let expected, let found): "\(what) is \(found) and should be \(expected)"
        case .tooManyLinks(let path): "too many symbolic links on the way to `\(path)`"
        }
    }
}
