import Frontend

extension RemoteAddress {
    /// The address that was typed for a context or a recipe; `nil` for a path.
    init?(typed text: String) throws(Failure) {
        do throws(Diagnostic) {
            guard let address = try RemoteAddress.parse(context: text) else { return nil }
            self = address
        } catch {
            throw .usage(error.message, hint: error.hint)
        }
    }
}
