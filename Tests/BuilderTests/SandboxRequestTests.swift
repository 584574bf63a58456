import Frontend
import Glibc
import Linux
import Testing

@testable import Builder

@Suite("The surroundings of RUN", .enabled(if: MountBench.isPossible, "needs root and /bin/busybox"))
struct SandboxRequestTests {
    private let bench: MountBench

    init() throws { bench = try MountBench() }

    private func output(
        of command: String, flags: String = "", _ change: (inout SandboxRequest) -> Void = { _ in }
    ) async throws -> String {
        try await bench.build("FROM busybox\nRUN \(flags) \(command)\n") { change(&$0.sandbox) }.output
    }

    @Test("have the limits that were asked for")
    func limits() async throws {
        let limits = [
            SpawnPlan.Limit(resource: 7, soft: 100, hard: 200), SpawnPlan.Limit(resource: 4, soft: 0, hard: .max),
        ]
        let output = try await output(of: "ulimit -n && ulimit -Hn && ulimit -c && ulimit -Hc") { $0.limits = limits }
        #expect(output == "100\n200\n0\nunlimited\n")
    }

    @Test("have as much memory to share as was asked for")
    func sharedMemory() async throws {
        let output = try await output(of: "df -k /dev/shm | awk 'NR==2 {print $2}'") { $0.sharedMemory = 3 << 20 }
        #expect(output == "3072\n")
    }

    @Test("ask the name servers that were named, and keep what the machine says about the rest")
    func resolvers() async throws {
        let output = try await output(of: "cat /etc/resolv.conf") {
            $0.resolvers.servers = ["192.0.2.1", "2001:db8::1"]
            $0.resolvers.searchDomains = ["a.example", "b.example"]
            $0.resolvers.options = ["ndots:2"]
        }
        let ours = "nameserver 192.0.2.1\nnameserver 2001:db8::1\nsearch a.example b.example\noptions ndots:2\n"
        #expect(output.hasSuffix(ours))
        #expect(output.split(separator: "\n").count { $0.hasPrefix("nameserver") } == 2)
    }

    @Test("have the capabilities that were added, and not those that were dropped")
    func capabilities() async throws {
        let sets = "grep -E 'Cap(Eff|Bnd)' /proc/self/status | awk '{print $2}'"
        #expect(try await output(of: sets) == "00000000a80425fb\n00000000a80425fb\n")
        let changed = try await output(of: sets) {
            $0.capabilities = [.changeOwner, Capabilities(name: "cap_net_admin") ?? []]
        }
        #expect(changed == "0000000000001001\n0000000000001001\n")
        let none = try await output(of: "chown 1:1 /tmp || echo refused") { $0.capabilities = [] }
        #expect(none.contains("refused\n"))
    }

    @Test("let a command mount once it has the capability for it")
    func mounting() async throws {
        let mount = "mount -t tmpfs none /tmp"
        #expect(try await output(of: "\(mount) || echo refused").contains("refused\n"))
        let allowed = try await output(of: "\(mount) && echo mounted") {
            $0.capabilities.formUnion(Capabilities(name: "SYS_ADMIN") ?? [])
        }
        #expect(allowed == "mounted\n")
    }

    // MARK: - Volumes

    @Test("show a volume, take what is written into it, and keep it out of the layer")
    func volume() async throws {
        try bench.images.shell("mkdir volume && echo outside >volume/file")
        let volume = Volume(source: bench.images.appending("volume"), target: "/opt/deep/volume")
        let made = try await bench.build(
            "FROM busybox\nRUN cat /opt/deep/volume/file && echo inside >/opt/deep/volume/made\n"
        ) { $0.sandbox.volumes = [volume] }
        #expect(made.output == "outside\n")
        #expect(try bench.images.shell("cat volume/made") == "inside\n")
        #expect(made.layers.count == 1)
    }

    @Test("show a single file as a volume, read-only")
    func fileVolume() async throws {
        try bench.images.shell("echo outside >settings")
        let volume = Volume(source: bench.images.appending("settings"), target: "/etc/settings", access: .readOnly)
        let output = try await output(of: "cat /etc/settings; echo x >/etc/settings || echo refused") {
            $0.volumes = [volume]
        }
        #expect(output.contains("outside\n"))
        #expect(output.contains("refused\n"))
        #expect(try bench.images.shell("cat settings") == "outside\n")
    }

    @Test("throw away what is written into a volume that is to stay as it is")
    func discardingVolume() async throws {
        try bench.images.shell("mkdir volume && echo outside >volume/file")
        let volume = Volume(source: bench.images.appending("volume"), target: "/v", access: .discarding)
        let output = try await output(of: "echo inside >/v/file && cat /v/file") { $0.volumes = [volume] }
        #expect(output == "inside\n")
        #expect(try bench.images.shell("cat volume/file") == "outside\n")
    }

    @Test("show the recipe's own mount where a volume has the same place")
    func coveredVolume() async throws {
        try bench.images.shell("mkdir volume && echo outside >volume/file")
        let volume = Volume(source: bench.images.appending("volume"), target: "/v")
        let output = try await output(of: "ls -A /v", flags: "--mount=type=tmpfs,target=/v") { $0.volumes = [volume] }
        #expect(output.isEmpty)
    }

    // MARK: - Entitlements

    @Test(
        "are not left by a step without leave to",
        arguments: [
            ("network=host", "host-network", SandboxRequest.Entitlement.hostNetwork),
            ("security=insecure", "insecure-step", .insecure),
        ])
    func entitlements(flag: String, code: String, entitlement: SandboxRequest.Entitlement) async throws {
        let recipe = "FROM busybox\nRUN --\(flag) echo ran\n"
        let error = try await bench.failure(of: recipe)
        #expect(error.code == code)
        #expect(error.kind == .recipe)
        #expect(error.hint?.contains("--allow \(entitlement.rawValue)") == true)
        let made = try await bench.build(recipe) { $0.sandbox.entitlements = [entitlement] }
        #expect(made.output == "ran\n")
    }

    @Test("need no leave for the machine's network once the command line takes all networks away")
    func boundedNetwork() async throws {
        let made = try await bench.build("FROM busybox\nRUN --network=host ls /sys/class/net\n") {
            $0.plan.network = .none
        }
        #expect(made.output == "lo\n")
    }

    @Test("of an insecure step are the machine's: every capability, no filter, devices, a system to write to")
    func insecure() async throws {
        let made = try await bench.build(
            """
            FROM busybox
            RUN --security=insecure grep -E 'CapEff|Seccomp:' /proc/self/status | awk '{print $2}' && \
                ls /dev/loop0 /dev/loop-control && mount -t tmpfs none /mnt_ 2>/dev/null || mkdir /mnt_ && \
                mount -t tmpfs none /mnt_ && mknod /dev/zero2 c 1 5 && head -c 3 /dev/zero2 | wc -c && \
                grep -E ' /sys ' /proc/mounts | grep -c ' rw'
            """
        ) { $0.sandbox.entitlements = [.insecure] }
        let own = try bench.images.shell("grep CapBnd /proc/self/status | awk '{print $2}'")
        #expect(made.output.hasPrefix("\(own)0\n/dev/loop-control\n/dev/loop0\n"))
        #expect(made.output.hasSuffix("3\n1\n"))
    }
}
