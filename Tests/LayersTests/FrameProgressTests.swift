import Testing

@testable import Layers

@Suite("The progress of frames")
struct FrameProgressTests {
    /// With so many frames submitted, and as many of them compressed.
    private func progress(submitted: Int, compressed: Int, readerWrites: Bool = false) -> FrameProgress {
        var progress = FrameProgress(threads: 2, inputs: 2, outputs: 3, readerWrites: readerWrites)
        for ordinal in 0..<submitted {
            #expect(progress.hasRoom)
            progress.submit()
            guard ordinal < compressed else { continue }
            #expect(progress.takeTurn() == .compress(ordinal))
            progress.complete(ordinal)
        }
        return progress
    }

    @Test("A frame that is compressed makes room for another, in whatever order they are")
    func room() {
        var progress = progress(submitted: 2, compressed: 0)
        #expect(!progress.hasRoom)
        #expect(progress.takeTurn() == .compress(0))
        #expect(progress.takeTurn() == .compress(1))
        progress.complete(1)
        #expect(!progress.hasRoom)
        progress.complete(0)
        #expect(progress.hasRoom)
    }

    @Test("A frame is ready once all before it are compressed too")
    func order() {
        var progress = progress(submitted: 2, compressed: 0)
        _ = progress.takeTurn()
        _ = progress.takeTurn()
        progress.complete(1)
        #expect(progress.ready == 0)
        progress.complete(0)
        #expect(progress.ready == 2)
    }

    @Test("A thread compresses before it writes, and writes before it waits")
    func idle() {
        var progress = progress(submitted: 2, compressed: 1)
        #expect(progress.takeTurn() == .compress(1))
        #expect(progress.takeTurn() == .write)
        // One thread at a time.
        #expect(progress.takeTurn() == nil)
        progress.countWritten()
        progress.endWriting()
        #expect(progress.takeTurn() == nil)
    }

    @Test("A thread leaves writing to who reads, unless that one waits")
    func reading() {
        var progress = progress(submitted: 2, compressed: 1, readerWrites: true)
        #expect(progress.takeTurn() == .compress(1))
        #expect(progress.takeTurn() == nil)
        progress.submit()
        #expect(progress.takeTurn() == .compress(2))
        #expect(!progress.hasRoom)
        #expect(progress.takeTurn() == .write)
    }

    @Test("A thread writes the frame that who reads would have to wait for, and no other")
    func waiting() {
        var progress = progress(submitted: 2, compressed: 2, readerWrites: true)
        #expect(progress.takeTurn() == nil)
        progress.leaveToThreads()
        #expect(progress.takeTurn() == .write)
        progress.countWritten()
        progress.endWriting()
        #expect(progress.takeTurn() == nil)
    }

    @Test("Who reads helps as long as there is no place for its frame, and goes on once there is")
    func reader() {
        var progress = progress(submitted: 2, compressed: 0)
        #expect(progress.takeTurn(isReader: true) == .compress(0))
        #expect(progress.takeTurn() == .compress(1))
        #expect(progress.takeTurn(isReader: true) == nil)
        progress.complete(0)
        #expect(progress.takeTurn(isReader: true) == .submit(2))
    }

    @Test("Who reads writes rather than wait, where nothing can be compressed before")
    func readerThatWrites() {
        var progress = FrameProgress(threads: 2, inputs: 1, outputs: 2, readerWrites: true)
        for ordinal in 0..<2 {
            #expect(progress.takeTurn(isReader: true) == .submit(ordinal))
            progress.submit()
            #expect(progress.takeTurn() == .compress(ordinal))
            progress.complete(ordinal)
        }
        #expect(progress.takeTurn(isReader: true) == .submit(2))
        progress.submit()
        #expect(progress.takeTurn(isReader: true) == .write)
    }

    @Test("While who reads compresses, the others write, and have its processor for something else")
    func readerThatCompresses() {
        var progress = progress(submitted: 2, compressed: 0, readerWrites: true)
        #expect(progress.takeTurn() == .compress(0))
        #expect(progress.takeTurn(isReader: true) == .compress(1))
        progress.complete(0)
        #expect(progress.takeTurn() == .write)
        #expect(progress.offer() == true)
        #expect(progress.takeTurn() == .other)
        progress.complete(1)
        progress.endOther(isMore: true)
        #expect(progress.takeTurn(isReader: true) == .submit(2))
        progress.submit()
        #expect(progress.takeTurn() == .compress(2))
        #expect(progress.offer() == false)
    }

    @Test("Something else is done by one thread at a time, as long as there is more of it")
    func other() {
        var progress = progress(submitted: 0, compressed: 0)
        #expect(progress.takeTurn() == nil)
        #expect(progress.offer() == true)
        #expect(progress.takeTurn() == .other)
        #expect(progress.takeTurn() == nil)
        progress.endOther(isMore: true)
        #expect(progress.takeTurn() == .other)
        progress.endOther(isMore: false)
        #expect(progress.takeTurn() == nil)
    }

    @Test("A frame comes before something else, for which a processor must be left, and somebody who reads")
    func otherLater() {
        var progress = progress(submitted: 1, compressed: 0)
        #expect(progress.offer() == true)
        #expect(progress.takeTurn() == .compress(0))
        #expect(progress.offer() == false)
        #expect(progress.takeTurn() == nil)
        progress.complete(0)
        #expect(progress.offer() == true)
        progress.close()
        #expect(progress.offer() == false)
        #expect(progress.takeTurn() == .write)
    }

    @Test("A thread writes what is left once nobody reads any more")
    func left() {
        var progress = progress(submitted: 1, compressed: 1, readerWrites: true)
        #expect(progress.takeTurn() == nil)
        progress.close()
        #expect(progress.takeTurn() == .write)
    }

    @Test("A place is needed until the last of its frames has had it")
    func places() {
        var progress = progress(submitted: 4, compressed: 3)
        #expect(progress.needsInput(after: 3))
        #expect(progress.needsOutput(after: 3))
        progress.close()
        #expect(progress.needsInput(after: 1))
        #expect(!progress.needsInput(after: 2))
        #expect(progress.needsOutput(after: 0))
        #expect(!progress.needsOutput(after: 1))
    }

    @Test("No output is overwritten before it is written")
    func bounded() {
        var progress = progress(submitted: 4, compressed: 3)
        #expect(progress.takeTurn() == .write)
        #expect(progress.takeTurn() == nil)
        progress.countWritten()
        progress.endWriting()
        #expect(progress.takeTurn() == .compress(3))
    }

    @Test("A thread ends when all is compressed, and not before what is ready is written")
    func end() {
        var progress = progress(submitted: 2, compressed: 1)
        #expect(progress.takeTurn() == .compress(1))
        progress.close()
        #expect(progress.takeTurn() == .write)
        #expect(progress.takeTurn() == .end)
        progress.countWritten()
        progress.endWriting()
        progress.complete(1)
        #expect(progress.takeTurn() == .write)
        progress.countWritten()
        progress.endWriting()
        #expect(progress.takeTurn() == .end)
    }

    @Test("Of what is abandoned nothing more is begun, and the first reason is kept")
    func abandoned() {
        var progress = progress(submitted: 2, compressed: 1)
        progress.abandon(because: .compressor("first"))
        progress.abandon(because: .compressor("second"))
        #expect(progress.takeTurn() == .end)
        #expect(progress.failure.map { "\($0)" } == "\(LayerError.compressor("first"))")
    }
}
