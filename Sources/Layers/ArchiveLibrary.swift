import Glibc

/// The functions of libarchive that we call, found when the first layer is packed.
///
/// The library brings nine others along, of which none is of use to us: linked, they would cost a build that packs
/// nothing a quarter of its time. What stands here are the C functions of the same names, `archive_` left out.
struct ArchiveLibrary {
    typealias Archive = OpaquePointer
    typealias Entry = OpaquePointer
    typealias Text = UnsafePointer<CChar>

    let newWriter: @convention(c) () -> Archive?
    let setPaxFormat: @convention(c) (Archive) -> Int32
    let setFormatOption: @convention(c) (Archive, Text, Text, Text) -> Int32
    let setBlockSize: @convention(c) (Archive, Int32) -> Int32
    let setLastBlockSize: @convention(c) (Archive, Int32) -> Int32
    let openWriter: @convention(c) (Archive, UnsafeMutableRawPointer?, Opener?, Writer, Closer?) -> Int32
    let writeHeader: @convention(c) (Archive, Entry) -> Int32
    let writeData: @convention(c) (Archive, UnsafeRawPointer?, Int) -> Int
    let finishEntry: @convention(c) (Archive) -> Int32
    let fail: @convention(c) (Archive) -> Int32
    let closeWriter: @convention(c) (Archive) -> Int32
    let freeWriter: @convention(c) (Archive) -> Int32

    let newEntry: @convention(c) () -> Entry?
    let clear: @convention(c) (Entry) -> Entry?
    let freeEntry: @convention(c) (Entry) -> Void
    let setMode: @convention(c) (Entry, UInt32) -> Void
    let setOwner: @convention(c) (Entry, Int64) -> Void
    let setGroup: @convention(c) (Entry, Int64) -> Void
    let setModified: @convention(c) (Entry, Int, Int) -> Void
    let setKind: @convention(c) (Entry, UInt32) -> Void
    let setSize: @convention(c) (Entry, Int64) -> Void
    let setPath: @convention(c) (Entry, Text) -> Void
    let setSymbolicLink: @convention(c) (Entry, Text) -> Void
    let setHardLink: @convention(c) (Entry, Text) -> Void
    let setMajor: @convention(c) (Entry, UInt) -> Void
    let setMinor: @convention(c) (Entry, UInt) -> Void
    let addAttribute: @convention(c) (Entry, Text, UnsafeRawPointer?, Int) -> Void

    let newReader: @convention(c) () -> Archive?
    let acceptRaw: @convention(c) (Archive) -> Int32
    let appendFilter: @convention(c) (Archive, Int32) -> Int32
    let openReader: @convention(c) (Archive, UnsafeMutableRawPointer?, Opener?, Reader, Closer?) -> Int32
    let nextHeader: @convention(c) (Archive, UnsafeMutablePointer<Entry?>) -> Int32
    let readData: @convention(c) (Archive, UnsafeMutableRawPointer?, Int) -> Int
    let freeReader: @convention(c) (Archive) -> Int32

    let errorText: @convention(c) (Archive) -> Text?

    typealias Opener = @convention(c) (Archive?, UnsafeMutableRawPointer?) -> Int32
    typealias Closer = @convention(c) (Archive?, UnsafeMutableRawPointer?) -> Int32
    typealias Writer = @convention(c) (Archive?, UnsafeMutableRawPointer?, UnsafeRawPointer?, Int) -> Int
    typealias Reader =
        @convention(c) (Archive?, UnsafeMutableRawPointer?, UnsafeMutablePointer<UnsafeRawPointer?>?) -> Int
}

extension ArchiveLibrary {
    private static let loaded = Result { () throws(LayerError) in try ArchiveLibrary(SharedLibrary("libarchive.so.13"))
    }

    /// The library, loaded at the first call.
    static func load() throws(LayerError) -> ArchiveLibrary { try loaded.get() }

    private init(_ library: SharedLibrary) throws(LayerError) {
        newWriter = try library.function("archive_write_new")
        setPaxFormat = try library.function("archive_write_set_format_pax_restricted")
        setFormatOption = try library.function("archive_write_set_format_option")
        setBlockSize = try library.function("archive_write_set_bytes_per_block")
        setLastBlockSize = try library.function("archive_write_set_bytes_in_last_block")
        openWriter = try library.function("archive_write_open")
        writeHeader = try library.function("archive_write_header")
        writeData = try library.function("archive_write_data")
        finishEntry = try library.function("archive_write_finish_entry")
        fail = try library.function("archive_write_fail")
        closeWriter = try library.function("archive_write_close")
        freeWriter = try library.function("archive_write_free")
        newEntry = try library.function("archive_entry_new")
        clear = try library.function("archive_entry_clear")
        freeEntry = try library.function("archive_entry_free")
        setMode = try library.function("archive_entry_set_perm")
        setOwner = try library.function("archive_entry_set_uid")
        setGroup = try library.function("archive_entry_set_gid")
        setModified = try library.function("archive_entry_set_mtime")
        setKind = try library.function("archive_entry_set_filetype")
        setSize = try library.function("archive_entry_set_size")
        setPath = try library.function("archive_entry_copy_pathname")
        setSymbolicLink = try library.function("archive_entry_copy_symlink")
        setHardLink = try library.function("archive_entry_copy_hardlink")
        setMajor = try library.function("archive_entry_set_rdevmajor")
        setMinor = try library.function("archive_entry_set_rdevminor")
        addAttribute = try library.function("archive_entry_xattr_add_entry")
        newReader = try library.function("archive_read_new")
        acceptRaw = try library.function("archive_read_support_format_raw")
        appendFilter = try library.function("archive_read_append_filter")
        openReader = try library.function("archive_read_open")
        nextHeader = try library.function("archive_read_next_header")
        readData = try library.function("archive_read_data")
        freeReader = try library.function("archive_read_free")
        errorText = try library.function("archive_error_string")
    }

    /// What libarchive says about the last call that did not work.
    func reason(_ archive: Archive) -> String? { errorText(archive).map { String(cString: $0) } }
}
