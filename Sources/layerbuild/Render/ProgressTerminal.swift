import Builder
import Frontend

/// A view that is drawn anew again and again: above, the lines about what is done, which stay; below, what is going on.
///
///     [build 1/4] FROM debian:bookworm  CACHED
///     building, 12.3s, 1 of 4 steps done
///     [build 2/4] RUN make                       3.2s
///       | cc -c a.c
struct ProgressTerminal: Sendable {
    /// The most lines of one command's output that are shown.
    private static let maximumTail = 6

    private let style: DiagnosticRenderer.Style
    private var titles = StepTitles()
    private var stepCount = 0
    private var doneCount = 0
    private var recipe: RecipeSource?
    /// What is going on, in the order in which it started.
    private var works: [Work] = []
    /// Lines about what is done that have not been drawn yet.
    private var settled: [Settled] = []

    /// A line that stays: as it is, or a title that may be cut with an ending that may not.
    private enum Settled: Sendable {
        case text(String)
        case work(title: String, ending: String, width: Int)
    }

    private enum Subject: Hashable, Sendable {
        case step(StepID)
        case task(TaskID)
    }

    private struct Work: Sendable {
        let subject: Subject
        let title: String
        let start: Double
        var output: [OutputStream: LineSplitter] = [:]
        /// The last lines that are complete.
        var lines: [String] = []
        var progress: (done: Int64, total: Int64?)?

        /// The last lines, and what stands behind them without an end, such as a bar that moves.
        var tail: [String] {
            let unfinished = [OutputStream.standardOutput, .standardError].compactMap { output[$0]?.unfinished }
            return (lines + unfinished.filter { !$0.isEmpty }).suffix(ProgressTerminal.maximumTail)
        }
    }

    private enum Ending: String, Sendable {
        case cached = "CACHED"
        case done = "DONE"
        case failed = "FAILED"
    }

    init(style: DiagnosticRenderer.Style = .plain) { self.style = style }

    mutating func show(_ event: BuildEvent, at time: Double) {
        switch event {
        case .recipe(let source): recipe = source
        case .planned(let headings):
            titles.take(headings)
            stepCount = headings.count
        case .warning(let warning): settle(DiagnosticRenderer(style: style).render(warning, in: recipe))
        case .findings(let findings): settle(FindingText(findings, in: recipe).brief(style))
        case .note(let text): settled.append(.text("note: \(PrintableLine(Array(text.utf8)).text)"))
        case .step(let step, let event): show(event, of: step, at: time)
        case .task(let task, let event): show(event, of: task, at: time)
        }
    }

    private mutating func show(_ event: StepEvent, of step: StepID, at time: Double) {
        let subject = Subject.step(step)
        switch event {
        case .started: works.append(Work(subject: subject, title: titles[step], start: time))
        case .cached: end(subject, .cached, isStep: true)
        case .missed: break
        case .output(let bytes, let stream): take(bytes, stream, of: subject)
        case .progress(let done, let total): update(subject) { $0.progress = (done, total) }
        case .finished(let seconds, _): end(subject, .done, " \(seconds.asSeconds)", isStep: true)
        case .failed(let seconds): end(subject, .failed, " \(seconds.asSeconds)", isStep: true)
        }
    }

    private mutating func show(_ event: TaskEvent, of task: TaskID, at time: Double) {
        let subject = Subject.task(task)
        switch event {
        case .started:
            works.append(Work(subject: subject, title: PrintableLine(Array(task.name.utf8)).text, start: time))
        case .progress(let done, let total): update(subject) { $0.progress = (done, total) }
        case .finished(let seconds, let detail):
            end(subject, .done, " \(seconds.asSeconds)" + (detail.map { ", \($0)" } ?? ""))
        case .failed: end(subject, .failed)
        }
    }

    /// Keeps lines, each ended.
    private mutating func settle(_ text: String) {
        settled += text.split(separator: "\n", omittingEmptySubsequences: false).dropLast().map { .text(String($0)) }
    }

    private mutating func update(_ subject: Subject, _ change: (inout Work) -> Void) {
        guard let index = works.firstIndex(where: { $0.subject == subject }) else { return }
        change(&works[index])
    }

    private mutating func take(_ bytes: [UInt8], _ stream: OutputStream, of subject: Subject) {
        update(subject) { work in
            let lines = work.output[stream, default: LineSplitter(returns: .overwrite)].append(bytes)
            work.lines = (work.lines + lines.filter { !$0.isEmpty }).suffix(Self.maximumTail)
        }
    }

    private mutating func end(_ subject: Subject, _ ending: Ending, _ more: String = "", isStep: Bool = false) {
        guard let index = works.firstIndex(where: { $0.subject == subject }) else { return }
        let text = paint(ending.rawValue, ending == .failed ? 31 : 32) + more
        let width = ScreenText.width(ending.rawValue + more)
        settled.append(.work(title: works.remove(at: index).title, ending: text, width: width))
        if isStep { doneCount += 1 }
    }

    private func paint(_ text: String, _ colour: Int) -> String {
        guard case .ansi = style else { return text }
        return "\u{1B}[\(colour)m\(text)\u{1B}[0m"
    }
}

extension ProgressTerminal {
    /// The lines that are to be drawn once, above the live ones, and are forgotten here.
    mutating func takeSettled(columns: Int) -> [String] {
        defer { settled = [] }
        return settled.map { line in
            switch line {
            case .text(let text): text
            case .work(let title, let ending, let width):
                ScreenText.fit(title, max(10, columns - width - 2)) + "  " + ending
            }
        }
    }

    /// What is going on at a time, as lines that fit into so many columns and rows.
    func draw(columns: Int, rows: Int, at time: Double) -> [String] {
        guard rows > 0 else { return [] }
        var lines = [ScreenText.fit(headline(time), columns)]
        let shown = works.prefix(max(0, works.count < rows ? works.count : rows - 2))
        let room = rows - 1 - works.count
        let tails = Self.cut(shown.map(\.tail), to: room)
        for (work, tail) in zip(shown, tails) {
            lines.append(line(of: work, columns: columns, at: time))
            lines += tail.map { ScreenText.fit("  | \($0)", columns) }
        }
        if shown.count < works.count, rows > 1 { lines.append("and \(works.count - shown.count) more") }
        return lines
    }

    private func headline(_ time: Double) -> String {
        "building, \(time.asSeconds)" + (stepCount > 0 ? ", \(doneCount) of \(stepCount) steps done" : "")
    }

    /// The ends of the outputs, in so many rows together. Rows that one does not need the others get.
    private static func cut(_ tails: [[String]], to room: Int) -> [[String]] {
        var counts = tails.map { _ in 0 }
        var left = max(0, room)
        while left > 0 {
            let hungry = tails.indices.filter { counts[$0] < tails[$0].count }.prefix(left)
            if hungry.isEmpty { break }
            for index in hungry { counts[index] += 1 }
            left -= hungry.count
        }
        return zip(tails, counts).map { Array($0.suffix($1)) }
    }

    /// The title on the left, a bar if there is something to measure, the time on the right.
    private func line(of work: Work, columns: Int, at time: Double) -> String {
        let clock = (time - work.start).asSeconds
        let right = [work.progress.map { Self.bar($0.done, $0.total, columns: columns) }, clock]
            .compactMap(\.self).filter { !$0.isEmpty }.joined(separator: "  ")
        let room = columns - ScreenText.width(right) - 2
        guard room >= 10 else { return ScreenText.fit(work.title, columns) }
        return ScreenText.pad(ScreenText.fit(work.title, room), room) + "  " + right
    }

    /// `[=====>     ]  45%  12.0 MB of 27.1 MB`, or only how much is done.
    private static func bar(_ done: Int64, _ total: Int64?, columns: Int) -> String {
        guard let total, total > 0 else { return done > 0 ? done.asSize : "" }
        let share = min(1, max(0, Double(done) / Double(total)))
        let percent = "\(Int(share * 100))%"
        guard columns >= 80 else { return percent }
        let width = 20
        let filled = Int(share * Double(width))
        let tip = filled < width ? ">" : ""
        let bar = ScreenText.pad(String(repeating: "=", count: filled) + tip, width)
        return
            "[\(bar)] \(String(repeating: " ", count: 4 - percent.count))\(percent)  \(done.asSize) of \(total.asSize)"
    }
}
