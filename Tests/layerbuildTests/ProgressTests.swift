import Frontend
import OCI
import Testing

@testable import Builder
@testable import layerbuild

/// Two stages of one and two steps.
private let recipe = """
    FROM scratch AS build
    COPY a /a
    FROM scratch AS web
    COPY --from=build /a /b
    COPY c /c
    """

private func output(_ text: String, _ stream: OutputStream = .standardOutput) -> StepEvent {
    .output(Array(text.utf8), stream: stream)
}

@Suite("Plain progress")
struct ProgressPlainTests {
    @Test("is a line an event, numbered in the order in which things start")
    func lines() throws {
        let steps = try headings(recipe)
        var view = ProgressPlain()
        let events: [(Double, BuildEvent)] = [
            (0, .planned(steps)), (1, .step(steps[1].id, .started)), (1, .step(steps[0].id, .started)),
            (1.1, .step(steps[0].id, .cached)), (1.2, .step(steps[1].id, .missed(reason: "file a.c changed"))),
            (1.312, .step(steps[1].id, output("one\ntw"))),
            (1.4, .step(steps[1].id, output("err\u{07}\n", .standardError))),
            (1.5, .step(steps[1].id, output("o\n\u{1B}[31mrest"))),
            (2, .step(steps[1].id, .progress(done: 1, total: 2))),
            (2.25, .step(steps[1].id, .finished(seconds: 1.25, layerSize: 9))),
            (3, .task(TaskID("exporting"), .started)),
            (4, .task(TaskID("exporting"), .finished(seconds: 1, detail: "unchanged"))), (5, .note("a\nb")),
        ]
        #expect(
            events.map { view.show($1, at: $0) }.joined() == """
                #1 [web 1/2] COPY --from=build /a /b
                #2 [build 1/1] COPY a /a
                #2 CACHED
                #1 not cached: file a.c changed
                #1 0.312 one
                #1 0.400 err\\u{7}
                #1 0.500 two
                #1 1.250 rest
                #1 DONE 1.3s
                #3 exporting
                #3 DONE 1.0s, unchanged
                note: a\\u{a}b

                """)
    }

    @Test("points warnings into the recipe")
    func warning() {
        var view = ProgressPlain()
        _ = view.show(.recipe(RecipeSource(name: "Recipe", text: "FROM a\n")), at: 0)
        let text = view.show(.warning(Diagnostic(.warning, "code", "a thing", at: SourceSpan(5, 6))), at: 0)
        #expect(text.hasPrefix("warning[code]: a thing\n --> Recipe:1:6\n"))
    }

    @Test("cuts long lines, and a log does not")
    func longLines() throws {
        let long = String(repeating: "x", count: 3000)
        var screen = ProgressPlain()
        var log = ProgressPlain(width: .unlimited)
        let event = BuildEvent.step(StepID(index: 0), output(long + "\n"))
        #expect(screen.show(event, at: 0).utf8.count < 2100)
        #expect(log.show(event, at: 0) == "#1 0.000 \(long)\n")
    }
}

@Suite("Progress for programs")
struct ProgressJSONTests {
    @Test("is an object a line that says everything")
    func objects() throws {
        let step = StepID(index: 4)
        var view = ProgressJSON()
        _ = view.show(.recipe(RecipeSource(name: "Recipe", text: "FROM a\n")), at: 0)
        let events: [(Double, BuildEvent)] = [
            (1, .step(step, .started)), (1, .step(step, .missed(reason: "not built before"))),
            (1.5, .step(step, output("a\nb"))), (2, .step(step, .progress(done: 1, total: 9))),
            (2.05, .step(step, .progress(done: 2, total: 9))), (3, .step(step, .finished(seconds: 2, layerSize: 7))),
            (4, .warning(Diagnostic(.warning, "code", "a thing", at: SourceSpan(5, 6), hint: "do"))),
        ]
        let lines = events.map { view.show($1, at: $0) }.joined().split(separator: "\n").map(String.init)
        #expect(
            lines == [
                #"{"time":1.000,"event":"started","step":4}"#,
                #"{"time":1.000,"event":"missed","step":4,"reason":"not built before"}"#,
                #"{"time":1.500,"event":"output","step":4,"stream":"stdout","line":"a"}"#,
                #"{"time":2.000,"event":"progress","step":4,"done":1,"total":9}"#,
                #"{"time":3.000,"event":"output","step":4,"stream":"stdout","line":"b"}"#,
                #"{"time":3.000,"event":"finished","step":4,"seconds":2.000,"size":7}"#,
                #"{"time":4.000,"event":"warning","code":"code","message":"a thing","file":"Recipe","line":1,"column":6,"hint":"do"}"#,
            ])
        for line in lines { #expect(throws: Never.self) { try JSONValue.parse(Array(line.utf8)) } }
    }

    @Test("ends with the error and its exit code")
    func failure() {
        let failure = Failure(
            BuildError(.step, "step-failed", "no", details: ["last"]), in: nil, signal: nil)
        #expect(
            ProgressJSON().show(failure)
                == #"{"event":"error","code":"step-failed","message":"no","output":["last"],"exit":1}"# + "\n")
    }
}

@Suite("Live progress")
struct ProgressTerminalTests {
    private func view(_ events: [(Double, BuildEvent)]) throws -> ProgressTerminal {
        var view = ProgressTerminal()
        view.show(.planned(try headings(recipe)), at: 0)
        for (time, event) in events { view.show(event, at: time) }
        return view
    }

    @Test("shows what runs with its time and the end of its output, and what is done only once")
    func frame() throws {
        let steps = try headings(recipe)
        var view = try view([
            (1, .step(steps[0].id, .started)), (1, .step(steps[1].id, .started)), (1.1, .step(steps[0].id, .cached)),
            (2, .step(steps[1].id, output("one\ntwo\n10%\r20%"))), (2, .task(TaskID("exporting"), .started)),
        ])
        #expect(view.takeSettled(columns: 60) == ["[build 1/1] COPY a /a  CACHED"])
        #expect(view.takeSettled(columns: 60) == [])
        #expect(
            view.draw(columns: 60, rows: 20, at: 3.5) == [
                "building, 3.5s, 1 of 3 steps done",
                "[web 1/2] COPY --from=build /a /b                       2.5s", "  | one", "  | two", "  | 20%",
                "exporting                                               1.5s",
            ])
    }

    @Test("draws a bar where it is known how much there is")
    func bars() throws {
        var view = try view([(0, .task(TaskID("exporting"), .started))])
        view.show(.task(TaskID("exporting"), .progress(done: 250_000, total: 1_000_000)), at: 1)
        #expect(
            view.draw(columns: 90, rows: 5, at: 1).last
                == "exporting                            [=====>              ]  25%  250.0 kB of 1.0 MB  1.0s")
        #expect(view.draw(columns: 40, rows: 5, at: 1).last == "exporting                      25%  1.0s")
        view.show(.task(TaskID("exporting"), .progress(done: 5000, total: nil)), at: 1)
        #expect(view.draw(columns: 40, rows: 5, at: 1).last == "exporting                   5.0 kB  1.0s")
        view.show(.task(TaskID("exporting"), .progress(done: 9, total: 3)), at: 1)
        #expect(view.draw(columns: 40, rows: 5, at: 1).last?.contains("100%") == true)
    }

    @Test("never has more lines or columns than the screen", arguments: 0...9)
    func size(_ rows: Int) throws {
        let long = String(repeating: "日本 text ", count: 40)
        var events: [(Double, BuildEvent)] = []
        for index in 0..<6 {
            events.append((0, .task(TaskID("task \(index) \(long)"), .started)))
            events.append((0, .task(TaskID("task \(index) \(long)"), .progress(done: 5, total: 10))))
        }
        for index in 0..<2 {
            events.append((0, .step(StepID(index: index), .started)))
            events.append((0, .step(StepID(index: index), output(String(repeating: long + "\n", count: 9)))))
        }
        var view = try view(events)
        for columns in [10, 33, 80, 200] {
            let lines = view.draw(columns: columns, rows: rows, at: 1)
            #expect(lines.count <= rows)
            #expect(lines.allSatisfy { ScreenText.width($0) <= columns })
        }
        view.show(.task(TaskID("task 0 \(long)"), .failed), at: 2)
        let settled = view.takeSettled(columns: 40)
        #expect(settled.count == 1 && settled.allSatisfy { ScreenText.width($0) <= 40 && $0.hasSuffix("FAILED") })
    }

    @Test("shares the rows between the outputs")
    func sharedRows() throws {
        var view = try view([(0, .step(StepID(index: 0), .started)), (0, .step(StepID(index: 1), .started))])
        view.show(.step(StepID(index: 0), output("a\n")), at: 0)
        view.show(.step(StepID(index: 1), output("1\n2\n3\n4\n5\n6\n7\n")), at: 0)
        let tails = view.draw(columns: 40, rows: 8, at: 0).filter { $0.hasPrefix("  |") }
        #expect(tails == ["  | a", "  | 4", "  | 5", "  | 6", "  | 7"])
    }
}

@Suite("The live part of a screen")
struct LiveFrameTests {
    @Test("is replaced in place, and leaves what stays and a cursor behind")
    func frames() {
        var frame = LiveFrame()
        #expect(
            frame.replace(settled: [], live: ["one", "two"], columns: 10)
                == "\u{1B}[?25l\rone\u{1B}[K\ntwo\u{1B}[K\n\u{1B}[J")
        #expect(
            frame.replace(settled: ["done"], live: ["three"], columns: 10)
                == "\r\u{1B}[2Adone\u{1B}[K\nthree\u{1B}[K\n\u{1B}[J")
        #expect(frame.close(settled: ["last"], columns: 10) == "\r\u{1B}[1Alast\u{1B}[K\n\u{1B}[J\u{1B}[?25h")
        #expect(frame.close(settled: [], columns: 10) == "")
    }

    @Test("is found again when a narrower window has wrapped it")
    func narrower() {
        var frame = LiveFrame()
        _ = frame.replace(settled: [], live: [String(repeating: "x", count: 25), "y", ""], columns: 80)
        #expect(frame.close(settled: [], columns: 10).hasPrefix("\r\u{1B}[5A"))
    }
}
