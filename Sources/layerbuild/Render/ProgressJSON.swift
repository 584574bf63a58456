import Builder
import Frontend
import OCI

/// One object a line and an event. `event` says what it is about; `time` when, in seconds since the command began, but
/// for the last one.
struct ProgressJSON: ProgressView {
    /// Seconds between two objects about the same bytes on their way.
    private static let pause = 0.1

    private struct Stream: Hashable, Sendable {
        let step: StepID
        let stream: OutputStream
    }

    private var recipe: RecipeSource?
    private var lines: [Stream: LineSplitter] = [:]
    private var lastProgress: [String: Double] = [:]

    mutating func show(_ event: BuildEvent, at time: Double) -> String {
        objects(for: event, at: time).map { Self.line($0, at: time) }.joined()
    }

    func show(_ result: BuildResult) -> String {
        Self.line(result.json.object?.members.map { ($0.name, $0.value) } ?? [])
    }

    func show(_ failure: Failure) -> String {
        var members = Self.members(of: failure.diagnostic, in: failure.source ?? recipe, as: "error")
        if !failure.details.isEmpty { members.append(("output", .strings(failure.details))) }
        members.append(("exit", .integer(Int64(failure.exitCode.rawValue))))
        return Self.line(members)
    }

    private typealias Members = [(String, JSONValue)]

    private static func line(_ members: Members, at time: Double? = nil) -> String {
        let stamped = (time.map { [("time", $0.json)] } ?? []) + members
        return String(decoding: JSONValue.object(JSONObject(stamped)).serialised(), as: UTF8.self) + "\n"
    }

    private mutating func objects(for event: BuildEvent, at time: Double) -> [Members] {
        switch event {
        case .recipe(let source):
            recipe = source
            return [[("event", "recipe"), ("name", .string(source.name))]]
        case .planned(let headings): return [[("event", "planned"), ("steps", .array(headings.map(Self.object)))]]
        case .warning(let warning): return [Self.members(of: warning, in: recipe, as: warning.severity.rawValue)]
        case .findings(let findings):
            return findings.map { Self.members(of: $0.diagnostic, in: recipe, as: "warning") }
        case .note(let text): return [[("event", "note"), ("message", .string(text))]]
        case .step(let step, let event): return objects(for: event, of: step, at: time)
        case .task(let task, let event): return objects(for: event, of: task, at: time)
        }
    }

    private mutating func objects(for event: StepEvent, of step: StepID, at time: Double) -> [Members] {
        let subject = ("step", JSONValue.integer(Int64(step.index)))
        switch event {
        case .started: return [[("event", "started"), subject]]
        case .cached: return [[("event", "cached"), subject]]
        case .missed(let reason): return [[("event", "missed"), subject, ("reason", .string(reason))]]
        case .output(let bytes, let stream):
            let key = Stream(step: step, stream: stream)
            return lines[key, default: LineSplitter(returns: .end)].append(bytes).map { Self.output($0, key) }
        case .progress(let done, let total):
            return progress("step \(step.index)", subject, done, total, at: time)
        case .finished(let seconds, let size):
            var members: Members = [("event", "finished"), subject, ("seconds", seconds.json)]
            if let size { members.append(("size", .integer(size))) }
            return rest(of: step) + [members]
        case .failed(let seconds): return rest(of: step) + [[("event", "failed"), subject, ("seconds", seconds.json)]]
        }
    }

    private mutating func objects(for event: TaskEvent, of task: TaskID, at time: Double) -> [Members] {
        let subject = ("task", JSONValue.string(task.name))
        switch event {
        case .started: return [[("event", "started"), subject]]
        case .progress(let done, let total): return progress(task.name, subject, done, total, at: time)
        case .finished(let seconds, let detail):
            var members: Members = [("event", "finished"), subject, ("seconds", seconds.json)]
            if let detail { members.append(("detail", .string(detail))) }
            return [members]
        case .failed: return [[("event", "failed"), subject]]
        }
    }

    private mutating func progress(
        _ key: String, _ subject: (String, JSONValue), _ done: Int64, _ total: Int64?, at time: Double
    ) -> [Members] {
        if let last = lastProgress[key], time - last < Self.pause { return [] }
        lastProgress[key] = time
        var members: Members = [("event", "progress"), subject, ("done", .integer(done))]
        if let total { members.append(("total", .integer(total))) }
        return [members]
    }

    /// The unfinished lines of a step that has ended.
    private mutating func rest(of step: StepID) -> [Members] {
        [OutputStream.standardOutput, .standardError].compactMap { stream in
            let key = Stream(step: step, stream: stream)
            return lines[key]?.finish().map { Self.output($0, key) }
        }
    }

    private static func output(_ line: String, _ key: Stream) -> Members {
        [
            ("event", "output"), ("step", .integer(Int64(key.step.index))), ("stream", .string(key.stream.rawValue)),
            ("line", .string(line)),
        ]
    }

    private static func object(_ heading: StepHeading) -> JSONValue {
        var object = JSONObject([
            ("step", .integer(Int64(heading.id.index))), ("stage", .string(heading.place.stage)),
            ("number", .integer(Int64(heading.place.number))), ("count", .integer(Int64(heading.place.count))),
            ("instruction", .string(heading.text)),
        ])
        object["platform"] = heading.place.platform.map { .string($0.description) }
        return .object(object)
    }

    private static func members(of diagnostic: Diagnostic, in source: RecipeSource?, as event: String) -> Members {
        var members: Members = [
            ("event", .string(event)), ("code", .string(diagnostic.code)), ("message", .string(diagnostic.message)),
        ]
        if let source, let span = diagnostic.span {
            let position = source.position(at: span.start)
            members += [
                ("file", .string(source.name)), ("line", .integer(Int64(position.line))),
                ("column", .integer(Int64(position.column))),
            ]
        }
        if let hint = diagnostic.hint { members.append(("hint", .string(hint))) }
        if !diagnostic.notes.isEmpty { members.append(("notes", .strings(diagnostic.notes.map(\.message)))) }
        return members
    }
}
