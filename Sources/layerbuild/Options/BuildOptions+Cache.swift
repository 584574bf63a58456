import Builder
import Frontend
import OCI
import SystemPackage

extension BuildOptions {
    /// The names of stages, as the planner compares them.
    func uncachedStages() throws(Failure) -> Set<ExactText> {
        let names = noCacheFilter.flatMap { $0.parts(between: ",") }
        guard !names.contains("") else { throw .usage("`--no-cache-filter` has an empty name") }
        return Set(names: names.map(\.inLowerCase))
    }

    /// Where other machines' results of steps are.
    func cacheSources(in surroundings: Surroundings) throws(Failure) -> [CacheLocation] {
        try cacheFrom.map { text throws(Failure) in
            let flag = "--cache-from"
            let values = try FieldList.values(
                try FieldList.fields(text, of: flag), of: flag, keys: ["type", "src", "ref"])
            return try Self.location(values, folder: "src", of: flag, in: surroundings)
        }
    }

    /// Where the results of steps go for other machines.
    func cacheTargets(in surroundings: Surroundings) throws(Failure) -> [CacheTarget] {
        try cacheTo.map { text throws(Failure) in
            let flag = "--cache-to"
            let keys = ["type", "dest", "ref", "mode", "mounts", "without"]
            let fields = try FieldList.fields(text, of: flag)
            let (excluded, rest) = Self.split(fields)
            let values = try FieldList.values(rest, of: flag, keys: keys)
            let mode = values["mode"] ?? "min"
            guard let extent = CacheTarget.Extent(rawValue: mode) else {
                throw .choice("--cache-to mode=", mode, CacheTarget.Extent.allCases.map(\.rawValue))
            }
            guard let limit = values["mounts"].map(SizeOption.bytes) ?? CacheMountChoice.standardLimit else {
                throw .usage(
                    "`\(values["mounts"] ?? "")` in `\(flag)` is no size",
                    hint: "`mounts` says how large a cache mount may be to go along, such as `2GB`; 0 is none")
            }
            return CacheTarget(
                location: try Self.location(values, folder: "dest", of: flag, in: surroundings), extent: extent,
                mounts: CacheMountChoice(limit: limit, excluded: excluded))
        }
    }

    /// The ids of `without=`, which may stand several times, and the other fields.
    private static func split(_ fields: [String]) -> (excluded: Set<ExactText>, rest: [String]) {
        var (excluded, rest): (Set<ExactText>, [String]) = ([], [])
        for field in fields {
            if case ("without", let id?) = field.cut(at: "=") {
                excluded.insert(ExactText(id))
            } else {
                rest.append(field)
            }
        }
        return (excluded, rest)
    }

    private static func location(
        _ values: [String: String], folder: String, of flag: String, in surroundings: Surroundings
    ) throws(Failure) -> CacheLocation {
        let type = values["type"] ?? "local"
        if type == "registry" {
            guard let text = values["ref"], values[folder] == nil else {
                throw .usage("`\(flag) type=registry` says no name", hint: "add `ref=registry/name:tag`")
            }
            return .registry(try Reference(typed: text))
        }
        guard type == "local" else { throw .choice("\(flag) type=", type, ["local", "registry"]) }
        guard values["ref"] == nil else { throw .usage("`ref` goes with `\(flag) type=registry`") }
        guard let path = values[folder], !path.isEmpty else {
            throw .usage("`\(flag)` says no folder", hint: "add `\(folder)=path`")
        }
        return .folder(surroundings.absolute(path))
    }
}
