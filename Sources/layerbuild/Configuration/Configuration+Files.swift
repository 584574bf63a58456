import Linux
import OCI
import SystemPackage

extension Configuration {
    /// The largest file that is read.
    private static let limit = 1 << 20

    /// What the files of this machine and this user say; of two that set the same key the later one counts.
    static func read(in surroundings: Surroundings) throws(Failure) -> Configuration {
        var configuration = Configuration()
        for place in files(in: surroundings) {
            guard let section = try section(of: place.path, isRequired: place.isRequired) else { continue }
            try configuration.apply(section)
        }
        return configuration
    }

    /// Where configuration is looked for, in this order. The file that `LAYERBUILD_CONFIG` names stands for all
    /// others, and has to be there.
    static func files(in surroundings: Surroundings) -> [(path: FilePath, isRequired: Bool)] {
        if let named = surroundings.setVariable("LAYERBUILD_CONFIG") { return [(surroundings.absolute(named), true)] }
        var files: [(path: FilePath, isRequired: Bool)] = [("/etc/layerbuild/config.json", false)]
        // The XDG rule: a relative path counts as none.
        if let shared = surroundings.setVariable("XDG_CONFIG_HOME"), shared.hasPrefix("/") {
            files.append((FilePath(shared).appending("layerbuild/config.json"), false))
        } else if let home = surroundings.setVariable("HOME") {
            files.append((surroundings.absolute(home).appending(".config/layerbuild/config.json"), false))
        }
        return files
    }

    private static func section(of path: FilePath, isRequired: Bool) throws(Failure) -> ConfigurationSection? {
        let bytes: [UInt8]
        do throws(SyscallError) {
            bytes = try File(opening: path).readAll(limit: limit)
        } catch {
            if !isRequired, [.noSuchFileOrDirectory, .notDirectory].contains(error.errno) { return nil }
            throw Failure(
                .usage, "configuration", "`\(path)`: \(error.errno)",
                hint: isRequired ? "`LAYERBUILD_CONFIG` names the file that is read instead of all others" : nil)
        }
        let value: JSONValue
        do { value = try JSONValue.parse(bytes) } catch {
            throw Failure(.usage, "configuration", "`\(path)` is no JSON: \(error)")
        }
        guard let object = value.object else {
            throw Failure(.usage, "configuration", "`\(path)` is no JSON object", hint: "an empty one is `{}`")
        }
        return ConfigurationSection(file: path.string, object)
    }
}
