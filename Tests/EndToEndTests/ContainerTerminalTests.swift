import Glibc
import Testing

@Suite("layerbuild run with a terminal", .needsRoot)
struct ContainerTerminalTests {
    private let bench: Bench

    /// Shows a command on a terminal, does there what its first argument says, and ends with what was shown and the
    /// command's exit code.
    private static let shown = """
        import fcntl, os, pty, struct, sys, termios
        child, shown = pty.fork()
        if child == 0: os.execvp(sys.argv[2], sys.argv[2:])
        fcntl.ioctl(shown, termios.TIOCSWINSZ, struct.pack('HHHH', 33, 101, 0, 0))
        text = b''
        def until(word):
            global text
            while word not in text:
                text += os.read(shown, 4096)
        until(b'ready')
        if sys.argv[1] == 'type': os.write(shown, b'key\\n'); until(b'got key')
        if sys.argv[1] == 'end': os.write(shown, b'\\x04')
        try:
            if sys.argv[1] == 'close': os.close(shown)
            while piece := os.read(shown, 4096): text += piece
        except OSError: pass
        sys.stdout.buffer.write(text.replace(b'\\r', b''))
        sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
        """

    /// Shows a command's output, types its first argument on the terminal that is its input, and takes that away.
    private static let lost = """
        import os, subprocess, sys
        keys, terminal = os.openpty()
        child = subprocess.Popen(sys.argv[2:], stdin=terminal, stdout=subprocess.PIPE)
        os.close(terminal)
        text = b''
        def until(word):
            global text
            while word not in text: text += os.read(child.stdout.fileno(), 4096)
        until(b'ready')
        os.write(keys, sys.argv[1].encode())
        until(sys.argv[1].encode())
        os.close(keys)
        text += child.stdout.read()
        sys.stdout.buffer.write(text)
        sys.exit(child.wait())
        """

    init() throws {
        bench = try Bench()
        try bench.importBase()
        try bench.write("terminal.py", Self.shown)
        try bench.write("lost.py", Self.lost)
    }

    private func show(_ script: String, _ deed: String) throws -> Outcome {
        try bench.start(
            ["run", "-it", "busybox", "sh", "-c", script], by: ["python3", "\(bench.appending("terminal.py"))", deed]
        ).finish()
    }

    /// What a command shows that loses its terminal, which is not the one that its session hangs on, after `text` was
    /// typed there: no signal tells it.
    private func lose(_ text: String, _ script: String) throws -> Outcome {
        try bench.start(
            ["run", "-it", "busybox", "sh", "-c", script],
            by: ["python3", "\(bench.appending("lost.py"))", text]
        ).finish()
    }

    @Test("It has the size of the one that shows it, and the keys reach the command")
    func keys() throws {
        let outcome = try show("test -t 0 && echo ready; read word; stty size; echo got $word; exit 3", "type")
        #expect(outcome.exitCode == 3, "\(outcome)")
        #expect(outcome.output.contains("33 101\n"))
    }

    @Test("The key that ends the input ends it for the command")
    func endKey() throws {
        let outcome = try show("echo ready; cat; echo ended; exit 4", "end")
        #expect(outcome.exitCode == 4, "\(outcome)")
        #expect(outcome.output.contains("ended\n"))
    }

    @Test("A command does not outlive the terminal that shows it")
    func hangUp() throws {
        let outcome = try show("echo ready; exec sleep 1000", "close")
        #expect(outcome.exitCode != 0, "\(outcome)")
        #expect(try bench.scratch().isEmpty)
    }

    @Test("A terminal that goes without a signal ends the command's input, in the middle of a line too")
    func lost() throws {
        let whole = try lose("", "echo ready; cat; echo ended; exit 5")
        #expect(whole.exitCode == 5, "\(whole)")
        #expect(whole.output.hasSuffix("ended\r\n"))
        let part = try lose("part of a line", "echo ready; cat; echo ended; exit 6")
        #expect(part.exitCode == 6, "\(part)")
        #expect(part.output.hasSuffix("ended\r\n"))
    }
}
