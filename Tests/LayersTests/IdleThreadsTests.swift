import Linux
import SystemPackage
import Testing

@testable import Layers

@Suite("Threads of a layer that have nothing to compress")
struct IdleThreadsTests {
    @Test("do what else they are given, as long as there is more of it", arguments: [2, 8])
    func work(threads: Int) throws {
        let calls = SharedState(0)
        let writer = try LayerWriter(into: try File.anonymous(in: "/var/tmp"), threads: threads)
        let idle = try writer.whileIdle {
            calls.update { count in
                count += 1
                return count < 3
            }
        }
        #expect(idle != nil)
        calls.wait { $0 == 3 ? () : nil }
        #expect(try writer.finish().entryCount == 0)
        #expect(calls.update { $0 } == 3)
    }

    @Test("are none in a layer that is not compressed, or only named")
    func none() throws {
        let plain = try LayerWriter(into: try File.anonymous(in: "/var/tmp"), compression: .none, threads: 2)
        #expect(try plain.whileIdle { false } == nil)
        let namer = try LayerWriter()
        #expect(try namer.whileIdle { false } == nil)
    }
}
