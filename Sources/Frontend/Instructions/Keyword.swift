/// The words an instruction can begin with.
package enum Keyword: String, Hashable, Sendable, CaseIterable {
    case add = "ADD"
    case arg = "ARG"
    case cmd = "CMD"
    case copy = "COPY"
    case entrypoint = "ENTRYPOINT"
    case env = "ENV"
    case expose = "EXPOSE"
    case from = "FROM"
    case healthcheck = "HEALTHCHECK"
    case label = "LABEL"
    case maintainer = "MAINTAINER"
    case onbuild = "ONBUILD"
    case run = "RUN"
    case shell = "SHELL"
    case stopsignal = "STOPSIGNAL"
    case user = "USER"
    case volume = "VOLUME"
    case workdir = "WORKDIR"

    /// Finds the keyword whatever its letter case.
    package init?(ignoringCase text: String) {
        // Docker compares in lower case. In upper case more would do: `ı` is `I` there.
        let lower = text.inLowerCase
        guard lower.utf8.allSatisfy(\.isLetter) else { return nil }
        self.init(rawValue: lower.uppercased())
    }
}
