import CIsal

/// The functions of isa-l that we call, found when the first gzip is read or written: a start that meets none of it
/// does not wait for the library.
struct DeflateLibrary {
    let beginDeflate: @convention(c) (UnsafeMutablePointer<isal_zstream>) -> Void
    let deflate: @convention(c) (UnsafeMutablePointer<isal_zstream>) -> Int32
    let beginInflate: @convention(c) (UnsafeMutablePointer<inflate_state>) -> Void
    let resetInflate: @convention(c) (UnsafeMutablePointer<inflate_state>) -> Void
    let inflate: @convention(c) (UnsafeMutablePointer<inflate_state>) -> Int32
    let checksum: @convention(c) (UInt32, UnsafePointer<UInt8>?, UInt64) -> UInt32

    private static let loaded = Result { () throws(LayerError) in try DeflateLibrary(SharedLibrary("libisal.so.2")) }

    /// The library, loaded at the first call.
    static func load() throws(LayerError) -> DeflateLibrary { try loaded.get() }

    private init(_ library: SharedLibrary) throws(LayerError) {
        beginDeflate = try library.function("isal_deflate_init")
        deflate = try library.function("isal_deflate")
        beginInflate = try library.function("isal_inflate_init")
        resetInflate = try library.function("isal_inflate_reset")
        inflate = try library.function("isal_inflate")
        checksum = try library.function("crc32_gzip_refl")
    }
}
