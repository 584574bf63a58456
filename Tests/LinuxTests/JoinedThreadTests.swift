import Glibc
import Linux
import Synchronization
import Testing

@Suite("A joined thread", .timeLimit(.minutes(10)))
struct JoinedThreadTests {
    @Test("Whoever closes what its work reads, and then joins it, sees what came of the work")
    func closedThenJoined() throws {
        var pipe = try Pipe()
        let end = try pipe.takeWritingEnd()
        let reading = pipe.takeReadingEnd().release()
        let outcome = Outcome()
        let thread = try JoinedThread {
            let file = File(OwnedDescriptor(reading))
            outcome.bytes.withLock { $0 = (try? file.readAll(limit: 100)) ?? [] }
        }
        let text = Array("all of it".utf8)
        #expect(write(end.number, text, text.count) == text.count)
        end.close()
        thread.join()
        #expect(outcome.bytes.withLock { $0 } == text)
    }
}

private final class Outcome: Sendable {
    let bytes: Mutex<[UInt8]> = Mutex([])
}
