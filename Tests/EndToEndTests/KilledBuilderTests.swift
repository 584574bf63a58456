import Glibc
import Linux
import Testing

@Suite("A builder that is killed", .needsRoot)
struct KilledBuilderTests {
    /// Fifty moments, spread over the phases, in two rows so that two processors have something to do.
    private static let moments: [[KilledBuild.Moment]] = {
        var generator = Seeded(seed: 50)
        let phases = KilledBuild.Phase.allCases
        let all = (0..<50).map { index in
            KilledBuild.Moment(phase: phases[index % phases.count], part: Double.random(in: 0...1, using: &generator))
        }
        return [Array(all[..<25]), Array(all[25...])]
    }()

    @Test("leaves nothing, at fifty random moments, and the next build is as if nothing had been", arguments: [0, 1])
    func kill(row: Int) throws {
        let mark = "layerbuild-kill-\(getpid())-\(row)"
        let measure = try KilledBuild(mark: mark).measure()
        var killed: Set<KilledBuild.Phase> = []
        for moment in Self.moments[row] {
            let build = try KilledBuild(mark: mark)
            let running = try build.run(to: moment, measure)
            running.signal(SIGKILL)
            if try running.ended().status == .signalled(SIGKILL) { killed.insert(moment.phase) }
            try expectNothingLeft(by: build, measure, moment)
            try expectSuccessNow(of: build, measure, moment)
        }
        // None of the phases was always over before the signal came.
        #expect(killed.count == KilledBuild.Phase.allCases.count)
    }

    private func expectNothingLeft(
        by build: KilledBuild, _ measure: KilledBuild.Measure, _ moment: KilledBuild.Moment
    ) throws {
        #expect(try Traces.survivors(marked: build.mark).isEmpty, "\(moment)")
        #expect(try Traces.mounts(below: build.bench.path).isEmpty, "\(moment)")
        let outputs = try build.bench.names(in: "out")
        #expect(outputs.isEmpty || outputs == ["image.tar"], "\(moment)")
        if !outputs.isEmpty { #expect(try build.archive() == measure.archive, "\(moment)") }
    }

    private func expectSuccessNow(
        of build: KilledBuild, _ measure: KilledBuild.Measure, _ moment: KilledBuild.Moment
    ) throws {
        if moment.phase == .importing {
            let again = try build.importBase().finish()
            #expect(again.exitCode == 0, "\(moment): \(again)")
        }
        let next = try build.build().finish()
        #expect(next.digest == measure.digest, "\(moment): \(next)")
        #expect(try build.archive() == measure.archive, "\(moment)")
        #expect(try build.bench.scratch().isEmpty, "\(moment)")
        #expect(try build.bench.names(in: "out") == ["image.tar"], "\(moment)")
    }

    @Test("ends its step and cleans up when it is asked to stop", arguments: [SIGTERM, SIGINT, SIGHUP])
    func stop(signal: Int32) throws {
        let mark = "layerbuild-stop-\(getpid())-\(signal)"
        let bench = try Bench()
        try bench.importBase()
        let recipe = """
            FROM busybox
            RUN trap '' TERM INT HUP; (sleep 86400; : \(mark)) & echo up; sleep 86400; : \(mark)
            """
        let running = try bench.start(try bench.buildArguments(recipe, ["-o", "../image.tar"]))
        #expect(try running.line { $0.hasSuffix(" up") } != nil)
        #expect(try Traces.processes(marked: mark).count >= 2)
        running.signal(signal)
        let outcome = try running.ended()
        #expect(outcome.status == .exited(128 + signal), "\(outcome)")
        #expect(outcome.errorLine != nil, "\(outcome)")
        #expect(try Traces.survivors(marked: mark).isEmpty)
        #expect(try Traces.mounts(below: bench.path).isEmpty)
        #expect(try bench.scratch().isEmpty)
        #expect(!bench.exists("image.tar"))
        try bench.expectUsableStore()
    }

    @Test("ends at once when it is asked twice")
    func twice() throws {
        let mark = "layerbuild-twice-\(getpid())"
        let bench = try Bench()
        try bench.importBase()
        let recipe = "FROM busybox\nRUN trap '' INT; echo up; sleep 86400; : \(mark)\n"
        let running = try bench.start(try bench.buildArguments(recipe, []))
        #expect(try running.line { $0.hasSuffix(" up") } != nil)
        running.signal(SIGINT)
        running.signal(SIGINT)
        let outcome = try running.ended()
        #expect(outcome.exitCode == 130, "\(outcome)")
        #expect(try Traces.survivors(marked: mark).isEmpty)
        try bench.expectUsableStore()
    }

    @Test("ends although it waits for somebody who opens its output", arguments: [SIGTERM, SIGINT])
    func heldUp(signal: Int32) throws {
        let bench = try Bench()
        try bench.importBase()
        try bench.shell("mkfifo pipe")
        let running = try bench.start(try bench.buildArguments("FROM busybox\n", ["-o", "../pipe"]))
        #expect(try running.line { $0.contains("exporting to") } != nil)
        running.signal(signal)
        expectFailure(try running.ended(), exit: 128 + signal, saying: "error[interrupted]")
        try bench.expectUsableStore()
    }

    @Test("leaves an output that was there before as it was", arguments: [SIGKILL, SIGTERM])
    func oldOutput(signal: Int32) throws {
        let bench = try Bench()
        try bench.importBase()
        try bench.write("image.tar", "an earlier one")
        let recipe = "FROM busybox\nRUN echo up; sleep 86400\n"
        let running = try bench.start(try bench.buildArguments(recipe, ["-o", "../image.tar"]))
        #expect(try running.line { $0.hasSuffix(" up") } != nil)
        running.signal(signal)
        _ = try running.ended()
        #expect(try bench.read("image.tar") == Array("an earlier one".utf8))
    }
}
