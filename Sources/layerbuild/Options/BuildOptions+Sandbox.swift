import Builder
import Frontend
import Linux

extension BuildOptions {
    /// What every RUN of the build has around it.
    func sandbox(in surroundings: Surroundings) throws(Failure) -> SandboxRequest {
        var request = SandboxRequest()
        if let shmSize {
            guard let size = ByteCount.parse(shmSize), size > 0 else {
                throw .usage("`--shm-size` does not take `\(shmSize)`", hint: "write a size such as `256m`")
            }
            request.sharedMemory = UInt64(size)
        }
        request.limits = try ulimit.map { text throws(Failure) in try UlimitOption(text).limit }
        request.capabilities = try capabilities()
        request.volumes = try volume.map { text throws(Failure) in try StepVolumeOption(text, in: surroundings).volume }
        for address in dns where !HostOption.isAddress(address) {
            throw .usage("`--dns \(address)` is no address", hint: "write an IPv4 or IPv6 address")
        }
        request.resolvers.servers = dns
        request.resolvers.searchDomains = try words(dnsSearch, of: "--dns-search")
        request.resolvers.options = try words(dnsOption, of: "--dns-option")
        request.entitlements = try entitlements()
        return request
    }

    /// Drops come after additions: what is named in both is gone.
    private func capabilities() throws(Failure) -> Capabilities {
        var capabilities = Capabilities.container
        for name in capAdd { capabilities.formUnion(try Self.capability(name, of: "--cap-add")) }
        for name in capDrop { capabilities.subtract(try Self.capability(name, of: "--cap-drop")) }
        return capabilities
    }

    private static func capability(_ name: String, of flag: String) throws(Failure) -> Capabilities {
        if name.lowercased() == "all" { return .all }
        if let capability = Capabilities(name: name) { return capability }
        let guess = closest(to: name.uppercased(), in: Capabilities.all.names)
        throw .usage(
            "`\(flag) \(name)` is no capability",
            hint: guess.map { "did you mean `\($0)`?" } ?? "capabilities(7) lists them; `ALL` is all of them")
    }

    /// Text that becomes a part of a line of `resolv.conf`.
    private func words(_ texts: [String], of flag: String) throws(Failure) -> [String] {
        for text in texts where text.isEmpty || text.utf8.contains(where: { $0 <= 0x20 || $0 == 0x7F }) {
            throw .usage("`\(flag) \(text)` is not one word")
        }
        return texts
    }

    private func entitlements() throws(Failure) -> Set<SandboxRequest.Entitlement> {
        var granted: Set<SandboxRequest.Entitlement> = []
        for text in allow.flatMap({ $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init) }) {
            guard let entitlement = SandboxRequest.Entitlement(rawValue: text) else {
                throw .choice("--allow", text, SandboxRequest.Entitlement.allCases.map(\.rawValue))
            }
            granted.insert(entitlement)
        }
        return granted
    }
}
