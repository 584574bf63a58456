import Glibc

/// What has to be so before the first thread starts.
enum Entry {
    static func prepare() {
        openStandardStreams()
        // Modes of files are what recipes and archives say.
        umask(0o022)
        // A reader that goes away is an error of `write`, not the end.
        signal(SIGPIPE, SIG_IGN)
    }

    /// A caller may have closed 0, 1 or 2: whatever is opened next would get that number and be written to by mistake.
    private static func openStandardStreams() {
        while true {
            let number = open("/dev/null", O_RDWR)
            guard number > STDERR_FILENO else {
                if number < 0 { return }
                continue
            }
            close(number)
            return
        }
    }
}
