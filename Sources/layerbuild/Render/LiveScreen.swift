import Builder
import Frontend
import Glibc
import Linux
import Synchronization

/// The part of a terminal that a live view is drawn into, ten times a second, until it is closed.
final class LiveScreen: Sendable {
    private static let milliseconds: Int32 = 100

    private let canvas: Canvas
    private let stop: Interruption
    private let ticker: Mutex<JoinedThread?>

    /// `clock` says the seconds since the command began.
    init(
        console: Console, terminal: Terminal?, style: DiagnosticRenderer.Style,
        clock: @escaping @Sendable () -> Double
    ) throws(SyscallError) {
        let canvas = Canvas(console: console, terminal: terminal, style: style)
        let stop = try Interruption()
        self.canvas = canvas
        self.stop = stop
        ticker = Mutex(
            try JoinedThread {
                while !stop.wait(milliseconds: Self.milliseconds) { canvas.draw(at: clock()) }
            })
    }

    deinit { stop.request() }

    func show(_ event: BuildEvent, at time: Double) { canvas.show(event, at: time) }

    /// Takes the live lines away, leaves those that stay, and gives the terminal back.
    func close() {
        stop.request()
        ticker.withLock { $0 = nil }
        canvas.close()
    }
}

/// What is on the screen, and what is about to be.
private final class Canvas: Sendable {
    /// For a terminal that does not know its size.
    private static let usualSize = (columns: 80, rows: 24)

    private struct State: Sendable {
        var view: ProgressTerminal
        var frame = LiveFrame()
    }

    private let state: Mutex<State>
    private let console: Console
    private let terminal: Terminal?

    init(console: Console, terminal: Terminal?, style: DiagnosticRenderer.Style) {
        self.console = console
        self.terminal = terminal
        state = Mutex(State(view: ProgressTerminal(style: style)))
    }

    func show(_ event: BuildEvent, at time: Double) { state.withLock { $0.view.show(event, at: time) } }

    /// Written outside the lock: a terminal that was stopped with a key holds up the picture, not the build.
    func draw(at time: Double) {
        let size = terminal?.size.map { ($0.columns, $0.rows) } ?? Self.usualSize
        let text = state.withLock { state in
            // The last column and row stay free, so that nothing wraps or scrolls.
            let lines = state.view.draw(columns: size.0 - 1, rows: size.1 - 1, at: time)
            return state.frame.replace(
                settled: state.view.takeSettled(columns: size.0 - 1), live: lines, columns: size.0)
        }
        console.write(text)
    }

    func close() {
        let columns = terminal?.size?.columns ?? Self.usualSize.columns
        console.write(
            state.withLock { $0.frame.close(settled: $0.view.takeSettled(columns: columns - 1), columns: columns) })
    }
}
