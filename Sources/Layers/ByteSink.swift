/// A stage of a pipeline: takes bytes, passes them or what it makes of them on, and says at the end what went through.
package protocol ByteSink: ~Copyable {
    associatedtype Summary

    mutating func write(_ bytes: UnsafeRawBufferPointer) throws(LayerError)
    consuming func finish() throws(LayerError) -> Summary
}
