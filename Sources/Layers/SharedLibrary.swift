import Glibc

/// A C library that is loaded when something needs it, and stays.
struct SharedLibrary {
    private let handle: UnsafeMutableRawPointer

    /// Loads it from where the system has its libraries. `name` is the one that programs are linked with: a later
    /// version of the library that is no longer the same to its users has another.
    init(_ name: String) throws(LayerError) {
        guard let handle = dlopen(name, RTLD_LAZY | RTLD_LOCAL) else { throw Self.missing }
        self.handle = handle
    }

    /// A function of the library. `Function` is its C type: nothing checks that it is.
    func function<Function>(_ symbol: String) throws(LayerError) -> Function {
        guard let address = dlsym(handle, symbol) else { throw Self.missing }
        return unsafeBitCast(address, to: Function.self)
    }

    /// In the linker's words, which name the library.
    private static var missing: LayerError {
        .compressor(dlerror().map { String(cString: $0) } ?? "a library cannot be loaded")
    }
}
