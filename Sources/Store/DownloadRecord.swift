package import OCI

/// What came from an address of the web when it was last fetched.
package struct DownloadRecord: Hashable, Sendable {
    package let digest: Digest
    package let size: Int64
    /// When the server says that it was modified, in seconds since 1970.
    package let modified: Int64?
    /// What the server calls this state of it, as it spells it; and the time, as it spells that.
    package let tag: String?
    package let modifiedText: String?

    package init(digest: Digest, size: Int64, modified: Int64?, tag: String?, modifiedText: String?) {
        self.digest = digest
        self.size = size
        self.modified = modified
        self.tag = tag
        self.modifiedText = modifiedText
    }

    init?(json: JSONObject) {
        guard let digest = json["digest"]?.string.flatMap({ Digest($0) }), let size = json["size"]?.integer, size >= 0
        else {
            return nil
        }
        self.init(
            digest: digest, size: size, modified: json["modified"]?.integer, tag: json["tag"]?.string,
            modifiedText: json["lastModified"]?.string)
    }

    var json: JSONObject {
        var object = JSONObject([("digest", .string(digest.description)), ("size", .integer(size))])
        object["modified"] = modified.map(JSONValue.integer)
        object["tag"] = tag.map(JSONValue.string)
        object["lastModified"] = modifiedText.map(JSONValue.string)
        return object
    }
}
