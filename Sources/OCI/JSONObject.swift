/// The members of a JSON object, in the order in which they were written; no name stands twice, to the byte.
package struct JSONObject: Hashable, Sendable {
    /// A name with its value.
    package struct Member: Hashable, Sendable {
        package let name: String
        package var value: JSONValue

        func isNamed(_ other: String) -> Bool { ExactText(name) == ExactText(other) }
    }

    package private(set) var members: [Member]

    /// Of several values for one name the last counts, in the place of the first.
    package init(_ members: [(String, JSONValue)] = []) {
        self.members = []
        var places: ExactMap<Int> = [:]
        for (name, value) in members {
            if let place = places[name] {
                self.members[place].value = value
            } else {
                places[name] = self.members.count
                self.members.append(Member(name: name, value: value))
            }
        }
    }

    /// Made by the parser, which has refused duplicates already.
    init(unique members: [Member]) { self.members = members }

    package var isEmpty: Bool { members.isEmpty }
    package var names: [String] { members.map(\.name) }

    /// Setting `nil` removes the member; a new name goes to the end.
    package subscript(name: String) -> JSONValue? {
        get { members.first { $0.isNamed(name) }?.value }
        set {
            let index = members.firstIndex { $0.isNamed(name) }
            switch (index, newValue) {
            case (let index?, let value?): members[index].value = value
            case (let index?, nil): members.remove(at: index)
            case (nil, let value?): members.append(Member(name: name, value: value))
            case (nil, nil): break
            }
        }
    }

    package var nameSet: Set<ExactText> { Set(members.lazy.map { ExactText($0.name) }) }

    /// The members as a map of strings; `nil` if any value is no string.
    package var stringMap: ExactMap<String>? {
        var map: ExactMap<String> = [:]
        for member in members {
            guard let value = member.value.string else { return nil }
            map[member.name] = value
        }
        return map
    }

    /// The members of both; where a name is in both, the other's value in the place of this one's.
    func merging(_ other: JSONObject) -> JSONObject {
        JSONObject((members + other.members).map { ($0.name, $0.value) })
    }

    /// The same without the named members: what a type did not claim.
    package func removing(_ names: Set<ExactText>) -> JSONObject {
        JSONObject(unique: members.filter { !names.contains(ExactText($0.name)) })
    }
}
