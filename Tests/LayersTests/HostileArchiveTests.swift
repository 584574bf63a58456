import Glibc
import Layers
import Linux
import OCI
import SystemPackage
import TestSupport
import Testing

@Suite("A hostile archive")
struct HostileArchiveTests {
    @Test("is refused by its member's name, and nothing outside changes", arguments: HostileArchive.refused)
    func refusal(hostile: HostileArchive) throws {
        for way in ["plain", "lowest layer", "layer"] {
            let archive = try Archive(hostile.bytes)
            let lower = try archive.scratch.folder("lower")
            let error = layerError {
                switch way {
                case "plain": try archive.extract()
                case "layer": try archive.unpack(over: [lower])
                default: try archive.unpack(over: [])
                }
            }
            // A layer's digest says whether it is whole: a missing end is no news there.
            if hostile.testDescription == "trunc_end", way != "plain" { continue }
            #expect(error != nil, "\(way)")
            switch error {
            case .refused(let member, _)?:
                #expect(
                    member.hasPrefix(hostile.member) && member.isEmpty == hostile.member.isEmpty, "\(way)")
            case .corrupt?, .tooLarge?, .notAnArchive?:
                #expect(hostile.member.isEmpty, "\(way): \(String(describing: error))")
            case nil: break
            default: Issue.record("\(way): \(String(describing: error))")
            }
            #expect(try archive.isContained, "\(way)")
        }
    }

    @Test(
        "that gives a folder a link's name is contained",
        arguments: [
            HostileArchive("sym_abs_through") {
                $0.symbolicLink("l", to: "/tmp")
                $0.file("l/f", "inside")
            },
            HostileArchive("sym_rel_through") {
                $0.symbolicLink("l", to: "../outside")
                $0.file("l/f", "inside")
            },
            HostileArchive("sym_chain") {
                $0.symbolicLink("a", to: "../outside")
                $0.symbolicLink("b", to: "a")
                $0.symbolicLink("c", to: "b/../../outside")
                $0.file("c/canary", "inside")
            },
            HostileArchive("sym_upandout") {
                $0.folder("d")
                $0.symbolicLink("d/l", to: "../../outside")
                $0.file("d/l/canary", "inside")
            },
            HostileArchive("swap_dir_for_symlink") {
                $0.folder("d")
                $0.file("d/before", "inside")
                $0.symbolicLink("d", to: "../outside")
                $0.file("d/canary", "inside")
            },
            HostileArchive("hard_to_sym_chmod") {
                $0.symbolicLink("l", to: "../outside/canary")
                $0.hardLink("h", to: "l")
                $0.file("h", "inside", mode: "0000777\0")
            },
            HostileArchive("hard_to_sym_write") {
                $0.symbolicLink("l", to: "../outside/canary")
                $0.hardLink("h", to: "l")
            },
            HostileArchive("file_over_sym") {
                $0.symbolicLink("canary", to: "../outside/canary")
                $0.file("canary", "inside", mode: "0000777\0")
            },
            HostileArchive("folder_over_sym") {
                $0.symbolicLink("d", to: "../outside")
                $0.folder("d", mode: "0000700\0")
                $0.file("d/canary", "inside")
            },
            HostileArchive("abs_path") { $0.file("/outside/canary", "inside") },
            HostileArchive("abs_path_slashes") { $0.file("///outside//./canary", "inside") },
            HostileArchive("sym_pathmax") { tar in
                let long = String(repeating: "d", count: 200)
                var path = ""
                for index in 0..<18 {
                    path += (index == 0 ? "" : "/") + long
                    tar.records("path", path)
                    tar.folder("d")
                }
                tar.symbolicLink("l", to: "../outside")
            },
        ])
    func containment(hostile: HostileArchive) throws {
        for lower in [false, true] {
            let archive = try Archive(hostile.bytes)
            let folder = try archive.scratch.folder("lower")
            let error = layerError {
                if lower { try archive.unpack(over: [folder]) } else { try archive.extract() }
            }
            #expect(error == nil)
            #expect(try archive.isContained)
        }
    }

    @Test("cannot get at the host through a link in the layers below")
    func lowerLinks() throws {
        let archive = try Archive {
            $0.file("out/canary", "inside")
            $0.file("out/.wh.canary")
            $0.file("out/.wh..wh..opq")
        }
        let lower = try archive.scratch.folder("lower")
        try Folder(opening: lower).makeLink("out", target: Array("../outside".utf8))
        try archive.unpack(over: [lower])
        #expect(try archive.isContained)
        #expect(try archive.read("outside/canary") == "inside")
    }

    @Test("stops at the limits: bytes, entries, a path's length")
    func limits() throws {
        let archive = try Archive { tar in for index in 0..<20 { tar.file("f\(index)", "hello") } }
        #expect(
            layerError { _ = try archive.entries(limits: ArchiveLimits(entries: 19)) }
                == .tooLarge("the number of entries", limit: 19))
        #expect(try archive.entries(limits: ArchiveLimits(entries: 20)).count == 20)
        guard case .tooLarge = layerError({ _ = try archive.entries(limits: ArchiveLimits(size: 20_000)) }) else {
            Issue.record("a limit of bytes is not kept")
            return
        }
        guard case .refused = layerError({ _ = try archive.entries(limits: ArchiveLimits(path: 1)) }) else {
            Issue.record("a limit of the path is not kept")
            return
        }
    }

    @Test("of nested folders is as deep as a path may be, and goes away again")
    func depth() throws {
        let archive = try Archive { tar in
            tar.records("path", String(repeating: "d/", count: 2000) + "f")
            tar.file("f", "deep")
        }
        #expect(try archive.extract().summary.entryCount == 1)
        #expect(try shell("find . | wc -l", in: archive.inside) == "2002\n")
    }
    @Test("cannot nest its folders deeper through links than a path may say")
    func depthThroughLinks() throws {
        let deep = String(repeating: "d/", count: 1500)
        let archive = try Archive { tar in
            tar.records("path", deep)
            tar.folder("deep")
            tar.records("linkpath", deep)
            tar.symbolicLink("link", to: "deep")
            tar.records("path", "link/\(deep)")
            tar.folder("deeper")
        }
        let extracted = try #require(layerError { _ = try archive.extract() })
        let unpacked = try #require(layerError { _ = try archive.unpack(over: []) })
        for error in [extracted, unpacked] { #expect("\(error)".contains("more than 4095 bytes"), "\(error)") }
    }
}
