extension String {
    /// The number in `@N`, by which containers-transports(5) counts the images of an archive from zero; `nil` for other
    /// texts.
    var sourceIndex: Int? { hasPrefix("@") ? Int(dropFirst()).flatMap { $0 >= 0 ? $0 : nil } : nil }
}
