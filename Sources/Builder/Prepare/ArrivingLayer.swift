import Layers
import Linux
import OCI
import Synchronization
import SystemPackage

/// A compressed layer that is still on its way: a thread decompresses what has come, and names what it holds.
///
///     feed → pipe → decompressed on another thread → DiffID
///
/// The pipe is short, so that whoever feeds waits for the thread. It ends with ``finish()`` or ``abandon()``.
struct ArrivingLayer: ~Copyable {
    /// What came of decompressing, told by one thread to the other.
    private final class Outcome: Sendable {
        private let result: Mutex<Result<DiffID, LayerError>?> = Mutex(nil)

        var value: Result<DiffID, LayerError>? { result.withLock { $0 } }

        func set(_ value: Result<DiffID, LayerError>) { result.withLock { $0 = value } }
    }

    private let writing: OwnedDescriptor
    private let thread: JoinedThread
    private let outcome: Outcome
    /// What to call the layer in an error.
    private let place: String

    init(_ limits: ArchiveLimits, _ place: String) throws(SyscallError) {
        var pipe = try Pipe()
        let writing = try pipe.takeWritingEnd()
        // Only the thread's descriptor may be left, or nobody would see that it has gone.
        let reading = pipe.takeReadingEnd().release()
        let outcome = Outcome()
        do throws(SyscallError) {
            thread = try JoinedThread {
                let file = File(OwnedDescriptor(reading))
                do throws(LayerError) {
                    outcome.set(.success(try TarReader.summary(of: file, limits: limits).diffID))
                } catch {
                    outcome.set(.failure(error))
                }
            }
        } catch {
            _ = OwnedDescriptor(reading)
            throw error
        }
        self.writing = writing
        self.outcome = outcome
        self.place = place
    }

    /// Hands over what comes next. Throws as soon as it is known that the layer is none.
    func feed(_ bytes: UnsafeRawBufferPointer) throws(ImageError) {
        switch outcome.value {
        case .failure(let error)?: throw ImageError.reading(error, place)
        // Whoever has read enough has said what there is to say.
        case .success?: return
        case nil: break
        }
        do throws(SyscallError) { try File.write(bytes, to: writing.number) } catch {
            guard error.errno == .brokenPipe else { throw .system(error) }
        }
    }

    /// Nothing more comes, and nobody asks what it was.
    consuming func abandon() {
        let thread = thread
        writing.close()
        thread.join()
    }

    /// All of it has been handed over.
    consuming func finish() throws(ImageError) -> DiffID {
        let (thread, outcome, place) = (thread, outcome, place)
        writing.close()
        thread.join()
        switch outcome.value {
        case .success(let diffID)?: return diffID
        case .failure(let error)?: throw ImageError.reading(error, place)
        case nil: throw .rejected("image-archive-damaged", place, "nothing came out of it")
        }
    }
}
