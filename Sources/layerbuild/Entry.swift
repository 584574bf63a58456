import Glibc

/// What has to be so before the first thread starts.
enum Entry {
    static func prepare() {
        openStandardStreams()
        // Modes of files are what recipes and archives say.
        umask(0o022)
        // A reader that goes away is an error of `write`, not the end; and so is a file that may not grow.
        signal(SIGPIPE, SIG_IGN)
        signal(SIGXFSZ, SIG_IGN)
    }

    /// A caller may have closed 0, 1 or 2: whatever is opened next would get that number and be written to by mistake.
    ///
    /// What stands in for standard output takes nothing, so that no image is lost without a word.
    private static func openStandardStreams() {
        for stream in [STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO] where fcntl(stream, F_GETFD) < 0 {
            guard open("/dev/null", stream == STDOUT_FILENO ? O_RDONLY : O_RDWR) == stream else { return }
        }
    }
}
