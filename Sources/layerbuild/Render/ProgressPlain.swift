import Builder
import Frontend

/// One line an event, numbered as BuildKit's are.
///
///     #5 [build 2/4] RUN make
///     #5 not cached: file a.c changed
///     #5 0.312 cc -c a.c
///     #5 DONE 0.4s
struct ProgressPlain: ProgressView {
    /// How much of a line of a command's output is kept.
    enum Width: Sendable {
        case screen
        case unlimited
    }

    private static let maximumLine = 2000

    private enum Subject: Hashable, Sendable {
        case step(StepID)
        case task(TaskID)
    }

    private struct Course: Sendable {
        let number: Int
        let start: Double
        var output: LineSplitter
        var error: LineSplitter
    }

    private let width: Width
    private let style: DiagnosticRenderer.Style
    private var titles = StepTitles()
    private var courses: [Subject: Course] = [:]
    private var recipe: RecipeSource?

    init(width: Width = .screen, style: DiagnosticRenderer.Style = .plain) {
        self.width = width
        self.style = style
    }

    mutating func show(_ event: BuildEvent, at time: Double) -> String {
        switch event {
        case .recipe(let source): recipe = source
        case .planned(let headings): titles.take(headings)
        case .warning(let warning): return DiagnosticRenderer(style: style).render(warning, in: recipe)
        case .findings(let findings): return FindingText(findings, in: recipe).brief(style)
        case .note(let text): return "note: \(PrintableLine(Array(text.utf8)).text)\n"
        case .step(let step, let event): return show(event, of: step, at: time)
        case .task(let task, let event): return show(event, of: task, at: time)
        }
        return ""
    }

    func show(_ result: BuildResult) -> String { result.text }

    func show(_ failure: Failure) -> String { failure.text(style) }

    private mutating func show(_ event: StepEvent, of step: StepID, at time: Double) -> String {
        let subject = Subject.step(step)
        switch event {
        case .started: return start(subject, titles[step], at: time)
        case .cached: return line("CACHED", of: subject, at: time)
        case .missed(let reason):
            return line("not cached: \(PrintableLine(Array(reason.utf8)).text)", of: subject, at: time)
        case .output(let bytes, let stream): return output(bytes, stream, of: subject, at: time)
        case .progress: return ""
        case .finished(let seconds, _): return end("DONE \(seconds.asSeconds)", subject, at: time)
        case .failed(let seconds): return end("FAILED \(seconds.asSeconds)", subject, at: time)
        }
    }

    private mutating func show(_ event: TaskEvent, of task: TaskID, at time: Double) -> String {
        let subject = Subject.task(task)
        switch event {
        case .started: return start(subject, PrintableLine(Array(task.name.utf8)).text, at: time)
        case .progress: return ""
        case .finished(let seconds, let detail):
            return line("DONE \(seconds.asSeconds)" + (detail.map { ", \($0)" } ?? ""), of: subject, at: time)
        case .failed: return line("FAILED", of: subject, at: time)
        }
    }

    private mutating func course(_ subject: Subject, at time: Double) -> Course {
        if let course = courses[subject] { return course }
        let splitter = LineSplitter(returns: width == .unlimited ? .end : .overwrite)
        let course = Course(number: courses.count + 1, start: time, output: splitter, error: splitter)
        courses[subject] = course
        return course
    }

    private mutating func start(_ subject: Subject, _ title: String, at time: Double) -> String {
        line(title, of: subject, at: time)
    }

    private mutating func line(_ text: String, of subject: Subject, at time: Double) -> String {
        "#\(course(subject, at: time).number) \(text)\n"
    }

    private mutating func output(
        _ bytes: [UInt8], _ stream: OutputStream, of subject: Subject, at time: Double
    ) -> String {
        var course = course(subject, at: time)
        let lines =
            switch stream {
            case .standardOutput: course.output.append(bytes)
            case .standardError: course.error.append(bytes)
            }
        courses[subject] = course
        return lines.map { output($0, of: course, at: time) }.joined()
    }

    private mutating func end(_ text: String, _ subject: Subject, at time: Double) -> String {
        var course = course(subject, at: time)
        let rest = [course.output.finish(), course.error.finish()].compactMap(\.self)
        courses[subject] = course
        return rest.map { output($0, of: course, at: time) }.joined() + line(text, of: subject, at: time)
    }

    private func output(_ line: String, of course: Course, at time: Double) -> String {
        // Counted no further than needed: a line may have many thousands of characters.
        let cut = line.index(line.startIndex, offsetBy: Self.maximumLine, limitedBy: line.endIndex) ?? line.endIndex
        let isLong = width == .screen && cut < line.endIndex
        let shown = isLong ? line[..<cut] + "…" : line[...]
        return "#\(course.number) \((time - course.start).fixed(3)) \(shown)\n"
    }
}
