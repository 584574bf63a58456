import Frontend
import OCI
import Testing

@testable import Builder

@Suite("What the ignore file leaves of a source") struct ContextSurveyTests {
    private let bench: ImageBench

    init() throws {
        bench = try ImageBench()
        try bench.shell(
            """
            mkdir -p context/data context/empty context/src/sub
            touch context/a.txt context/b.log context/data/one context/src/x.c context/src/sub/y.c
            ln -s data context/link
            """)
    }

    private func state(_ source: String, _ patterns: String) throws -> LintFacts.SourceState? {
        let survey = ContextSurvey(
            folder: bench.appending("context"), patterns: try IgnorePatterns(parsing: Array(patterns.utf8)))
        return try survey.states(of: [source])[source]
    }

    @Test("is everything, part or nothing of it")
    func files() throws {
        #expect(try state("a.txt", "b.log") == .kept)
        #expect(try state("./b.log", "b.log") == .ignored)
        #expect(try state("*.log", "*.log") == .ignored)
        #expect(try state("*", "*.log") == .kept)
        #expect(try state("none", "*.log") == .absent)
        #expect(try state("src/x.c", "src") == .ignored)
    }

    @Test("is an empty folder if all its files are excluded, unless it was empty before")
    func folders() throws {
        #expect(try state("data", "data/*") == .emptied)
        #expect(try state("data", "data") == .ignored)
        #expect(try state("src", "**/*.c\n!src/sub/y.c") == .kept)
        #expect(try state("empty", "*.log") == .kept)
        #expect(try state(".", "*") == .ignored)
        #expect(try state("/", "*\n!a.txt") == .kept)
    }

    @Test("is not looked for behind a link")
    func links() throws {
        #expect(try state("link", "data/*") == .kept)
        #expect(try state("link/one", "data/*") == .kept)
    }
}
