import Frontend
import OCI

/// An object in a configuration file. Everything in it must be known: a key that is spelt wrong is no setting.
struct ConfigurationSection {
    /// The file, for people.
    let file: String
    /// The keys that lead to the object, joined with dots; empty for the whole file.
    let path: String
    private let object: JSONObject

    init(file: String, path: String = "", _ object: JSONObject) {
        self.file = file
        self.path = path
        self.object = object
    }

    var keys: [String] { object.names }

    /// Refuses a key that is not one of these, and says which one is near.
    func refuseAllBut(_ known: [String]) throws(Failure) {
        for key in keys where !known.contains(key) {
            let list = known.sorted().map { "`\($0)`" }.joined(separator: ", ")
            throw refusal(
                "there is no key `\(key)`\(path.isEmpty ? "" : " in `\(path)`")",
                hint: closest(to: key, in: known).map { "did you mean `\($0)`?" } ?? "the keys are \(list)")
        }
    }

    /// The object under a key; `nil` if the key is not there.
    func section(_ key: String) throws(Failure) -> ConfigurationSection? {
        guard let value = object[key] else { return nil }
        guard let object = value.object else { throw refusal("`\(key)` is no object") }
        return ConfigurationSection(file: file, path: path.isEmpty ? key : "\(path).\(key)", object)
    }

    func string(_ key: String) throws(Failure) -> String? {
        guard let value = object[key] else { return nil }
        guard let string = value.string else { throw refusal("`\(key)` is no string") }
        return string
    }

    func strings(_ key: String) throws(Failure) -> [String]? {
        guard let value = object[key] else { return nil }
        guard let strings = value.strings else { throw refusal("`\(key)` is no list of strings") }
        return strings
    }

    /// Says what is wrong with this object, and in which file.
    func refusal(_ message: String, hint: String? = nil) -> Failure {
        Failure(.usage, "configuration", "`\(file)`: \(message)", hint: hint)
    }
}
