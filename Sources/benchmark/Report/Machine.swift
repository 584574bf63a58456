import Glibc
import Linux
import SystemPackage

/// On what was measured.
package struct Machine: Hashable, Sendable {
    package let kernel: String
    package let processor: String
    package let cores: Int
    /// What else wanted to run, as averages over one, five and fifteen minutes.
    package let load: [Double]

    /// The machine this runs on, now.
    package init() throws {
        var name = utsname()
        guard uname(&name) == 0 else { throw SyscallError("uname", "", Errno(rawValue: errno)) }
        kernel = withUnsafeBytes(of: &name.release) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
        processor = try Self.processorName()
        cores = sysconf(Int32(_SC_NPROCESSORS_ONLN))
        var averages = [0.0, 0.0, 0.0]
        let count = getloadavg(&averages, 3)
        load = Array(averages.prefix(max(0, Int(count))))
    }

    private static func processorName() throws -> String {
        let text = String(decoding: try File(opening: "/proc/cpuinfo").readAll(limit: 1 << 24), as: UTF8.self)
        let line = text.split(separator: "\n").first { $0.hasPrefix("model name") }
        return line?.split(separator: ":").last.map { String($0.dropFirst()) } ?? "unknown processor"
    }

    package var description: String {
        "\(cores) × \(processor), Linux \(kernel), load \(load.map { $0.fixed(1) }.joined(separator: " "))"
    }
}
