import Builder
import Frontend
import Glibc
import Linux
import Synchronization
import SystemPackage

/// Shows a command's work on standard error and keeps it in a log, from any thread, one event at a time.
final class Progress: Sendable {
    /// `--progress`.
    enum Form: String, Sendable, CaseIterable {
        /// `tty` on a terminal, else `plain`.
        case auto
        case plain
        case tty
        case json
        case quiet
    }

    private struct State: Sendable {
        var view: (any ProgressView)?
        var log: (any ProgressView)?
        var recipe: RecipeSource?
        /// Nobody reads what we write; the build goes on.
        var isConsoleGone = false
    }

    private let state: Mutex<State>
    private let screen: LiveScreen?
    private let logFile: LogFile?
    private let console: Console
    private let style: DiagnosticRenderer.Style
    private let clock = ContinuousClock()
    private let start = ContinuousClock().now

    /// `log` is `--log-file`; it is made anew.
    init(_ form: Form, log: FilePath?, console: Console = .error) throws(Failure) {
        logFile = try log.map { path throws(Failure) in try LogFile(path) }
        self.console = console
        style = Style.ofStandardError
        let terminal = Terminal(console.descriptor)
        let isLive =
            form == .tty
            || form == .auto && Style.movesCursor(isTerminal: terminal != nil, variable: Surroundings.variable)
        let clock = clock
        let start = start
        do throws(SyscallError) {
            screen =
                isLive
                ? try LiveScreen(console: console, terminal: terminal, style: style) {
                    start.duration(to: clock.now).inSeconds
                } : nil
        } catch {
            throw Failure(error, doing: "starting the live view")
        }
        let view: (any ProgressView)? =
            switch form {
            case .json: ProgressJSON()
            case .quiet: nil
            case .auto, .plain, .tty: isLive ? nil : ProgressPlain(style: style)
            }
        state = Mutex(State(view: view, log: log == nil ? nil : ProgressPlain(width: .unlimited)))
    }

    /// The recipe that errors point into; `nil` before it has been read.
    var recipe: RecipeSource? { state.withLock { $0.recipe } }

    func show(_ event: BuildEvent) {
        let time = elapsed
        screen?.show(event, at: time)
        tell {
            $0.show(event, at: time)
        } alsoDo: { state in
            if case .recipe(let source) = event { state.recipe = source }
        }
    }

    /// The last thing to be shown: the build is done.
    func finish(_ result: BuildResult) {
        screen?.close()
        if screen != nil { console.write(result.text) }
        tell { $0.show(result) }
    }

    /// Nothing more is shown: a command that builds nothing is done.
    func end() { screen?.close() }

    /// The last thing to be shown: the build ended badly. Told in every form, the quiet one too.
    func fail(_ failure: Failure) {
        screen?.close()
        if state.withLock({ $0.view == nil }) { console.write(failure.text(style)) }
        tell { $0.show(failure) }
    }

    /// What is left to say if the process has to be ended in the middle of its work, after a signal.
    var lastWords: String {
        let failure = Failure(
            ExitCode(.interrupted(signal: 0)), "interrupted",
            "the build was interrupted, and ended before all that it waited for",
            hint: "what it leaves behind the next command clears")
        return (screen == nil ? "" : LiveFrame.showCursor) + failure.text(style)
    }

    private var elapsed: Double { start.duration(to: clock.now).inSeconds }

    /// Writes under the lock, so that lines come in the order in which they were made.
    private func tell(
        _ show: (inout any ProgressView) -> String, alsoDo: (inout State) -> Void = { _ in }
    ) {
        state.withLock { state in
            alsoDo(&state)
            if let text = Self.text(&state.view, show), !state.isConsoleGone {
                state.isConsoleGone = !console.write(text)
            }
            if let text = Self.text(&state.log, show) { logFile?.write(text) }
        }
    }

    private static func text(
        _ view: inout (any ProgressView)?, _ show: (inout any ProgressView) -> String
    ) -> String? {
        guard var shown = view else { return nil }
        let text = show(&shown)
        view = shown
        return text.isEmpty ? nil : text
    }
}

extension Duration {
    fileprivate var inSeconds: Double { Double(components.seconds) + Double(components.attoseconds) / 1e18 }
}
