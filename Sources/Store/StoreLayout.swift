import OCI
import SystemPackage

/// Where everything in the store lies, relative to its root.
///
///     layerbuild.json         {"schema": 1}
///     oci-layout, index.json  the names; the store is an OCI layout that other tools can read as it is
///     blobs/sha256/<hex>      manifests, configurations, layers in any encoding
///     layers/<diffid>.json    the blobs that encode this layer
///     snapshots/<chainid>/fs  a layer as overlayfs wants it; immutable
///     snapshots/<chainid>/layers.json  the layers it is made of; its time is when it was last used
///     cache/1/keys/<key>.json what a key produced
///     cache/1/parts/<key>     the ingredients of the key
///     cache/1/slots/<slot>    the last key seen at a place of a recipe
///     cache/1/downloads/<address>.json  what came from an address of the web, named by the address's digest
///     files/1                 (device, inode, size, times) → digest
///     outputs/1               the same for the files that builds wrote
///     journal/<boot>          there is while content of that boot may not have reached the disk
///     mounts/<id>/<n>/fs      cache mounts: the first folder of that id, and others for those who do not share it
///     mounts/<id>/<n>/listing  what is in it, with digests; there is none while a step has it, or if it was killed
///     mounts/<id>/<n>/listing.new, listing.old  one that is being taken, and the last one that counted
///     containers/<name>       what a kept container changed, its record, and once its command has ended a digest of all
///                             that it changed; locked while it runs
///     tmp/<random>            work in progress; each folder locked by its owner
///     tmp/key-<key>           locked by the build that makes this key
///     damage                  there is while `fsck` knows of something that nobody has mended
///     lock                    shared for builds, exclusive for removing what nothing needs
package enum StoreLayout {
    /// The version of this drawing. A store with a higher one is refused.
    package static let schema: Int64 = 1

    static let schemaFile: FilePath = "layerbuild.json"
    static let layoutFile: FilePath = "oci-layout"
    static let layoutText = Array(#"{"imageLayoutVersion":"1.0.0"}"#.utf8)
    static let index: FilePath = "index.json"
    static let damage: FilePath = "damage"
    static let lock: FilePath = "lock"
    static let blobs: FilePath = "blobs/sha256"
    static let encodings: FilePath = "layers"
    static let snapshots: FilePath = "snapshots"
    static let keys: FilePath = "cache/1/keys"
    static let parts: FilePath = "cache/1/parts"
    static let slots: FilePath = "cache/1/slots"
    static let downloads: FilePath = "cache/1/downloads"
    static let files: FilePath = "files"
    static let outputs: FilePath = "outputs"
    static let journal: FilePath = "journal"
    static let mounts: FilePath = "mounts"
    static let containers: FilePath = "containers"
    static let scratch: FilePath = "tmp"

    static let folders = [
        blobs, encodings, snapshots, keys, parts, slots, files, outputs, journal, mounts, scratch,
    ]

    /// The names that may stand in a folder which becomes a store: our own with the empty `l` of earlier versions, and what
    /// `mkfs` leaves.
    static let knownNames: Set<String> = [
        "layerbuild.json", "oci-layout", "index.json", "lock", "blobs", "layers", "snapshots", "l", "cache", "files",
        "outputs", "journal", "mounts", "containers", "damage", "tmp", "lost+found",
    ]

    static func blob(_ digest: Digest) -> FilePath { blobs.appending(digest.hex) }
    static func encodings(of layer: DiffID) -> FilePath { encodings.appending(layer.digest.hex + ".json") }
    static func snapshot(_ chain: ChainID) -> FilePath { snapshots.appending(chain.digest.hex) }
    static func layers(of chain: ChainID) -> FilePath { snapshot(chain).appending("layers.json") }
    static func record(_ key: Digest) -> FilePath { keys.appending(key.hex + ".json") }
    static func parts(_ key: Digest) -> FilePath { parts.appending(key.hex) }
    static func slot(_ name: Digest) -> FilePath { slots.appending(name.hex) }
    static func download(_ address: Digest) -> FilePath { downloads.appending(address.hex + ".json") }
    static func mount(_ id: Digest, _ number: Int) -> FilePath { mounts.appending(id.hex).appending(String(number)) }
    static func container(_ name: String) -> FilePath { containers.appending(name) }
    static func keyLock(_ key: Digest) -> FilePath { scratch.appending("key-" + key.hex) }
}
