import Linux
import SystemPackage
import Testing

@testable import Builder

@Suite("The network files of a build") struct NetworkFilesOnceTests {
    @Test("are written when they are first asked for, and once") func once() throws {
        let bench = try ImageBench()
        let path = bench.appending("network")
        try Folder(opening: bench.path).makeFolder("network")
        let files = NetworkFilesOnce { () throws(BuildError) in
            do throws(SyscallError) { return try NetworkFiles(in: path, extraHosts: []) } catch {
                throw BuildError(error, doing: "writing")
            }
        }
        let folder = try Folder(opening: path)
        #expect(try folder.entries().isEmpty)
        _ = try files.files()
        #expect(Set(try folder.entries().map(\.path)) == ["hostname", "hosts", "resolv.conf"])
        // To write them again would throw: a file that is there is not made.
        #expect(try files.files().folder == path)
    }
}
