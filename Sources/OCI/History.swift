/// One line of an image's history (image-spec, config.md).
package struct History: Hashable, Sendable {
    /// RFC 3339; `nil` where the base did not say.
    package var created: String?
    package var createdBy: String?
    package var author: String?
    package var comment: String?
    /// True if the line made no layer.
    package var emptyLayer: Bool

    package init(
        created: String? = nil, createdBy: String? = nil, author: String? = nil, comment: String? = nil,
        emptyLayer: Bool
    ) {
        self.created = created
        self.createdBy = createdBy
        self.author = author
        self.comment = comment
        self.emptyLayer = emptyLayer
    }

    init(json object: JSONObject) throws(OCIError) {
        let document = "history"
        created = try object.optional("created", in: document, \.string)
        createdBy = try object.optional("created_by", in: document, \.string)
        author = try object.optional("author", in: document, \.string)
        comment = try object.optional("comment", in: document, \.string)
        emptyLayer = try object.optional("empty_layer", in: document, \.bool) ?? false
    }

    var json: JSONValue {
        var object = JSONObject()
        if let created { object["created"] = .string(created) }
        if let createdBy { object["created_by"] = .string(createdBy) }
        if let author { object["author"] = .string(author) }
        if let comment { object["comment"] = .string(comment) }
        if emptyLayer { object["empty_layer"] = true }
        return .object(object)
    }
}
