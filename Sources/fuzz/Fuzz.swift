import CFuzzer
import Glibc

/// The program that libFuzzer drives: `fuzz --target=NAME [-flag=value…] [corpus…]`.
///
/// libFuzzer makes up inputs, sees which branches of the whole program they reach, and keeps what reached a new one. A
/// trap, a memory error, memory that nobody frees, and an input that takes too long or too much memory end the run and
/// are written to a file.
@main enum Fuzz {
    /// libFuzzer leaves alone what begins with two dashes, and repeats it for the programs that it starts itself.
    private static let target = CommandLine.arguments.compactMap(FuzzTarget.init(argument:)).first

    static func main() {
        guard target != nil else {
            let names = FuzzTarget.allCases.map(\.rawValue).joined(separator: "|")
            let usage = Array("usage: fuzz --target=\(names) [corpus…]\n".utf8)
            write(STDERR_FILENO, usage, usage.count)
            exit(64)
        }
        // As the command does: libarchive takes names for UTF-8.
        setlocale(LC_CTYPE, "C.UTF-8")
        var count = CommandLine.argc
        var arguments: UnsafeMutablePointer? = CommandLine.unsafeArgv
        exit(
            LLVMFuzzerRunDriver(&count, &arguments) { data, size in
                Fuzz.target?.run(Array(UnsafeBufferPointer(start: data, count: size)))
                return 0
            })
    }
}
