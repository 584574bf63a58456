extension Workload {
    /// The name under which every builder has the base.
    package static let baseName = "localhost/bench-base:1"

    /// The folder of the context, which some workloads share.
    package var context: String {
        switch self {
        case .unchanged, .unchangedExported: "small"
        case .steps, .stages, .base, .container, .deepRuns: "empty"
        case .files, .filesGzip, .filesUnchanged: "tree"
        case .oneChanged: "tree-changing"
        case .large, .largeGzip, .export: "large"
        case .application: "application"
        case .applicationChanged: "application-changing"
        case .deletion: "lower"
        case .mixed, .deepCopies: "many"
        }
    }

    /// What is built; `nil` where nothing is.
    package var recipe: String? {
        switch self {
        case .unchanged, .unchangedExported: Self.twelve
        case .application, .applicationChanged: Self.python
        case .steps: Self.from + (1...30).map { "RUN touch /step\($0)\n" }.joined()
        case .files, .filesGzip, .filesUnchanged, .oneChanged: "FROM scratch\nCOPY tree /tree\n"
        case .large, .largeGzip, .export: "FROM scratch\nCOPY large /large\n"
        case .deletion: Self.begun + "RUN " + Self.deletionLine + "\n"
        case .base: nil
        case .mixed: Self.from + (0..<119).map(Self.step).joined()
        case .stages: Self.sleeping
        case .container: Self.from + (1...19).map { "RUN touch /step\($0)\n" }.joined()
        case .deepRuns, .deepCopies: firstSteps(Self.depth)
        }
    }

    /// So many of a deep recipe's steps; `nil` for other recipes.
    func firstSteps(_ count: Int) -> String? {
        switch self {
        case .deepRuns: Self.from + (1...count).map { "RUN touch /step\($0)\n" }.joined()
        case .deepCopies: Self.from + (1...count).map { "COPY file\($0 % 119) /files/file\($0)\n" }.joined()
        case .unchanged, .unchangedExported, .steps, .files, .filesGzip, .large, .largeGzip, .application,
            .applicationChanged, .filesUnchanged, .oneChanged, .deletion, .export, .base, .mixed, .stages, .container:
            nil
        }
    }

    /// What is built before the recipe, or beside it.
    var begun: String { needsDebian ? Self.touched : firstSteps(Self.shallowDepth) ?? Self.begun }

    /// A command over the base that changes nothing: afterwards the base is unpacked.
    private static let touched = from + "RUN true\n"

    /// What is built before a run that starts in the middle: a command has been run over the files already.
    package static let begun = from + "COPY tree /tree\nRUN touch /begun\n"

    /// What is run over the lower layer, also without any builder.
    package static let deletionLine =
        "rm -rf /tree/d? && rm -rf /tree/d10 && mkdir /tree/d10 && touch /tree/d10/new"

    private static let from = "FROM \(baseName)\n"

    private static let twelve = """
        FROM \(baseName)
        ENV LANGUAGE=en
        WORKDIR /app
        RUN mkdir -p /srv/files
        COPY notes.txt /app/
        RUN echo hello > /app/hello
        COPY folder /app/folder
        RUN ls /app > /app/list
        ENV MODE=fast
        LABEL purpose=benchmark
        USER 0
        CMD ["/bin/sh"]

        """

    /// What installs the packages of the context, also without any builder.
    package static let installLine =
        "DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends /debs/*.deb"

    /// What makes the pages, also without any builder.
    package static let pagesLine = "python3 /app/pages.py /app/words.txt /app/site"

    private static let python = """
        FROM \(baseName) AS build
        COPY debs /debs
        RUN \(installLine)
        COPY app /app
        RUN \(pagesLine)
        FROM \(baseName)
        COPY --from=build /app/site /srv/site
        CMD ["/bin/ls", "/srv/site"]

        """

    private static func step(_ index: Int) -> String {
        index % 6 == 0 ? "RUN touch /step\(index)\n" : "COPY file\(index) /files/\n"
    }

    private static let sleeping =
        (1...4).map { "FROM \(baseName) AS stage\($0)\nRUN sleep 2 && echo \($0) > /stage\($0)\n" }.joined()
        + from + (1...4).map { "COPY --from=stage\($0) /stage\($0) /\n" }.joined()
}
