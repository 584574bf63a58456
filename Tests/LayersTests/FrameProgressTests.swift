import Testing

@testable import Layers

@Suite("The progress of frames")
struct FrameProgressTests {
    /// With so many frames submitted, and as many of them compressed and written.
    private func progress(submitted: Int, written: Int, inputs: Int = 2, outputs: Int = 3) -> FrameProgress {
        var progress = FrameProgress(inputs: inputs, outputs: outputs)
        for ordinal in 0..<submitted {
            #expect(progress.hasRoom)
            progress.submit()
            guard ordinal < written else { continue }
            #expect(progress.takeTurn() == .compress(ordinal))
            progress.complete(ordinal)
            #expect(progress.beginWriting() == ordinal)
            progress.endWriting()
        }
        return progress
    }

    @Test("A frame that is compressed makes room for another, in whatever order they are")
    func room() {
        var progress = progress(submitted: 2, written: 0)
        #expect(!progress.hasRoom)
        #expect(progress.takeTurn() == .compress(0))
        #expect(progress.takeTurn() == .compress(1))
        progress.complete(1)
        #expect(!progress.hasRoom)
        progress.complete(0)
        #expect(progress.hasRoom)
    }

    @Test("Frames are written one at a time and in order")
    func order() {
        var progress = progress(submitted: 2, written: 0)
        _ = progress.takeTurn()
        _ = progress.takeTurn()
        progress.complete(1)
        #expect(progress.beginWriting() == nil)
        progress.complete(0)
        #expect(progress.beginWriting() == 0)
        #expect(progress.beginWriting() == nil)
        progress.endWriting()
        #expect(progress.beginWriting() == 1)
    }

    @Test("A thread compresses before it names, and names before it waits")
    func idle() {
        var progress = progress(submitted: 2, written: 1)
        #expect(progress.takeTurn() == .compress(1))
        #expect(progress.takeTurn() == .name)
        // One thread at a time.
        #expect(progress.takeTurn() == nil)
        progress.countNamed()
        progress.endNaming()
        #expect(progress.takeTurn() == nil)
    }

    @Test("No output is overwritten before it is named")
    func bounded() {
        var progress = progress(submitted: 4, written: 3)
        #expect(progress.takeTurn() == .name)
        #expect(progress.takeTurn() == nil)
        progress.countNamed()
        progress.endNaming()
        #expect(progress.takeTurn() == .compress(3))
    }

    @Test("A thread ends when all is compressed, and not before what is written is named")
    func end() {
        var progress = progress(submitted: 2, written: 1)
        #expect(progress.takeTurn() == .compress(1))
        progress.close()
        #expect(progress.takeTurn() == .name)
        #expect(progress.takeTurn() == .end)
        progress.countNamed()
        progress.endNaming()
        progress.complete(1)
        #expect(progress.beginWriting() == 1)
        progress.endWriting()
        #expect(progress.takeTurn() == .name)
        progress.countNamed()
        progress.endNaming()
        #expect(progress.takeTurn() == .end)
    }

    @Test("Of what is abandoned nothing more is begun, and the first reason is kept")
    func abandoned() {
        var progress = progress(submitted: 2, written: 1)
        progress.abandon(because: .compressor("first"))
        progress.abandon(because: .compressor("second"))
        #expect(progress.takeTurn() == .end)
        #expect(progress.failure.map { "\($0)" } == "\(LayerError.compressor("first"))")
    }
}
