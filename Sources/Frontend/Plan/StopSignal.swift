/// The signals that STOPSIGNAL may name.
enum StopSignal {
    /// True of a number but 0, and of a name with or without `SIG`, in any letter case.
    static func isValid(_ text: String) -> Bool {
        if let number = Int(text) { return number != 0 }
        let upper = text.uppercased()
        return names.contains(upper.hasPrefix("SIG") ? String(upper.dropFirst(3)) : upper)
    }

    private static let names: Set<String> = Set(
        [
            "ABRT", "ALRM", "BUS", "CHLD", "CLD", "CONT", "FPE", "HUP", "ILL", "INT", "IO", "IOT", "KILL", "PIPE",
            "POLL", "PROF", "PWR", "QUIT", "SEGV", "STKFLT", "STOP", "SYS", "TERM", "TRAP", "TSTP", "TTIN", "TTOU",
            "URG", "USR1", "USR2", "VTALRM", "WINCH", "XCPU", "XFSZ", "RTMIN", "RTMAX",
        ] + (1...15).map { "RTMIN+\($0)" } + (1...14).map { "RTMAX-\($0)" })
}
