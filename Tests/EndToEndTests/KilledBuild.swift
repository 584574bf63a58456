import SystemPackage
import Testing

/// A base is imported and an image built with it, with everything in it that a kill could leave half done.
struct KilledBuild {
    /// A part of the work, by what its first line says.
    enum Phase: String, CaseIterable {
        case importing
        case copying
        case running
        case exporting

        /// Whether the phase begins with this line.
        func begins(_ line: String) -> Bool {
            switch self {
            case .importing: false
            case .copying: line.contains("] COPY")
            case .running: line.contains("] RUN")
            case .exporting: line.contains("exporting")
            }
        }
    }

    /// A moment in a phase, from 0 to 1.
    struct Moment: CustomStringConvertible {
        let phase: Phase
        let part: Double

        var description: String { "\(phase) at \(part)" }
    }

    /// What an undisturbed run comes to, and how long its phases take.
    struct Measure {
        let digest: String
        let archive: String
        let seconds: [Phase: Double]
    }

    /// In the command line of each process of the step.
    let mark: String
    let bench: Bench

    init(mark: String) throws {
        self.mark = mark
        bench = try Bench()
        try bench.write("base.tar", try Base.tar())
        try bench.shell(
            """
            mkdir context/tree out
            head -c 6000000 /dev/zero | openssl enc -aes-128-ctr -K 0 -iv 0 2>/dev/null | split -a 3 -b 20000 - context/tree/file
            """)
        try bench.write("Recipe", recipe)
    }

    /// A process that ignores what it can is left behind by the step, which itself takes its time.
    private var recipe: String {
        """
        FROM busybox
        COPY tree /tree
        RUN (trap '' TERM INT HUP; sleep 86400; : \(mark)) </dev/null >/dev/null 2>&1 & \\
            for n in 1 2 3 4 5 6; do echo line $n; cat /tree/file* | sha256sum >>/sums; mkdir -p /made/$n; done
        COPY tree /again
        """
    }

    func importBase() throws -> Running { try bench.start(["import", "../base.tar", "-t", "busybox"]) }

    func build() throws -> Running {
        try bench.start(["--progress=plain", "-f", "../Recipe", "-t", "image", "-o", "../out/image.tar", "."])
    }

    func archive() throws -> String { try bench.shell("sha256sum <out/image.tar") }

    func measure() throws -> Measure {
        let start = monotonicTime()
        #expect(try importBase().finish().exitCode == 0)
        var seconds: [Phase: Double] = [.importing: monotonicTime() - start]
        let running = try build()
        var current: (phase: Phase, start: Double)?
        func end() {
            if let current {
                seconds[current.phase] = max(seconds[current.phase] ?? 0, monotonicTime() - current.start)
            }
        }
        while let line = try running.nextLine() {
            guard let phase = Phase.allCases.first(where: { $0.begins(line) }) else { continue }
            end()
            current = (phase, monotonicTime())
        }
        let outcome = try running.ended()
        end()
        return Measure(digest: try expectSuccess(outcome), archive: try archive(), seconds: seconds)
    }

    /// Starts what is to be killed and returns it at about the moment.
    func run(to moment: Moment, _ measure: Measure) throws -> Running {
        let running: Running
        if moment.phase == .importing {
            running = try importBase()
        } else {
            #expect(try importBase().finish().exitCode == 0)
            running = try build()
            #expect(try running.line { moment.phase.begins($0) } != nil)
        }
        running.pause(moment.part * (measure.seconds[moment.phase] ?? 0))
        return running
    }
}
