/// What a name in FROM, `--from` or `from=` leads to.
enum StageSource: Hashable, Sendable {
    case scratch
    /// An earlier stage.
    case stage(Int)
    /// A folder given with `--build-context`.
    case folder(String)
    case image(BaseRequirement)

    /// The same, asked for at another place.
    func moved(to span: SourceSpan) -> StageSource {
        guard case .image(let requirement) = self else { return self }
        return .image(BaseRequirement(name: requirement.name, platform: requirement.platform, span: span))
    }
}
