import Glibc
import Linux
import SystemPackage

/// What a build could leave on the machine.
enum Traces {
    /// The processes that have `mark` in their command line, by number.
    static func processes(marked mark: String) throws -> [pid_t] {
        try Folder(opening: "/proc").entries().compactMap { entry -> pid_t? in
            guard let number = pid_t(String(decoding: entry.name, as: UTF8.self)), number != getpid() else {
                return nil
            }
            // One that has ended meanwhile has no command line.
            let words = (try? File(opening: FilePath("/proc/\(number)/cmdline")).readAll(limit: 1 << 20)) ?? []
            return String(decoding: words, as: UTF8.self).contains(mark) ? number : nil
        }
    }

    /// The processes that are still there when the kernel has had its time to end those that are to be ended.
    static func survivors(marked mark: String) throws -> [pid_t] {
        let deadline = monotonicTime() + 10
        while true {
            let found = try processes(marked: mark)
            if found.isEmpty || monotonicTime() > deadline { return found }
            sched_yield()
        }
    }

    /// The mounts of this machine that have to do with `path`.
    static func mounts(below path: FilePath) throws -> [Substring] {
        String(decoding: try File(opening: "/proc/self/mountinfo").readAll(limit: 1 << 24), as: UTF8.self)
            .split(separator: "\n").filter { $0.contains(path.string) }
    }
}
