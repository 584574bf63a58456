import TestSupport
import Testing

/// An archive that no well-meaning tool makes.
struct HostileArchive: Sendable, CustomTestStringConvertible {
    let testDescription: String
    /// What the error must name.
    let member: String
    let bytes: [UInt8]

    init(_ name: String, naming member: String = "", _ body: (inout TarBytes) -> Void) {
        testDescription = name
        self.member = member
        bytes = TarBytes.archive(body)
    }

    init(_ name: String, naming member: String = "", bytes: [UInt8]) {
        testDescription = name
        self.member = member
        self.bytes = bytes
    }
}

extension HostileArchive {
    private static func header(
        _ name: String, type: Character = "0", size: Int = 0, _ change: (inout TarBytes.Header) -> Void
    ) -> TarBytes.Header {
        var header = TarBytes.Header(name, type: type, size: size)
        change(&header)
        return header
    }

    /// Refused whatever they are unpacked as. A table.
    static let refused: [HostileArchive] =
        names + links + numbers + records + damage + [
            HostileArchive("dev_whiteout_0_0", naming: "null") { $0.node("null", type: "3") },
            HostileArchive("block_0_0", naming: "null") { $0.node("null", type: "4") },
            HostileArchive("dev_huge_major", naming: "dev") { $0.node("dev", type: "3", major: 4096, minor: 1) },
            HostileArchive("dev_huge_minor", naming: "dev") { $0.node("dev", type: "4", major: 1, minor: 1 << 20) },
            HostileArchive("dev_negative", naming: "dev") {
                $0.add(header("dev", type: "3") { $0.major = TarBytes.Field.binary(-1, 8) })
            },
            HostileArchive("type_unknown", naming: "odd") { $0.add(TarBytes.Header("odd", type: "Z")) },
            HostileArchive("type_socket", naming: "odd") { $0.add(TarBytes.Header("odd", type: "s")) },
            HostileArchive("nondir_parent", naming: "f/g") {
                $0.file("f")
                $0.file("f/g")
            },
            HostileArchive("xattr_name_empty") {
                $0.records("SCHILY.xattr.", "x")
                $0.file("f")
            },
            HostileArchive("xattr_huge", naming: "f") {
                $0.records([("SCHILY.xattr.user.x", .init(repeating: 1, count: 70_000))])
                $0.file("f")
            },
            HostileArchive("xattr_10k", naming: "f") { tar in
                tar.records((0..<10_000).map { ("SCHILY.xattr.user.\($0)", [1]) })
                tar.file("f")
            },
        ]

    private static let names: [HostileArchive] = [
        HostileArchive("dotdot", naming: "../canary") { $0.file("../canary", "dead") },
        HostileArchive("dotdot_mid", naming: "a/../../outside/canary") { $0.file("a/../../outside/canary", "dead") },
        HostileArchive("dotdot_end", naming: "a/..") { $0.folder("a/..") },
        HostileArchive("dotdot_absolute", naming: "/../outside/canary") { $0.file("/../outside/canary", "dead") },
        HostileArchive("dotdot_prefix_field", naming: "../outside/canary") {
            $0.add(header("canary") { $0.prefix = Array("../outside".utf8) })
        },
        HostileArchive("dotdot_pax", naming: "../outside/canary") {
            $0.records("path", "../outside/canary")
            $0.file("f", "dead")
        },
        HostileArchive("dotdot_gnulong", naming: "../outside/canary") {
            $0.long("L", Array("../outside/canary".utf8))
            $0.file("f", "dead")
        },
        HostileArchive("dotdot_globalpax") {
            $0.records("path", "../outside/canary", type: "g")
            $0.file("f", "dead")
        },
        HostileArchive("name_empty") { $0.file("", "dead") },
        HostileArchive("sym_empty_name") { $0.symbolicLink("", to: "/etc") },
        HostileArchive("sym_dot", naming: ".") { $0.symbolicLink(".", to: "/etc") },
        HostileArchive("sym_slashdot", naming: "/.") { $0.symbolicLink("/.", to: "/etc") },
        HostileArchive("sym_dotdot_name", naming: "..") { $0.symbolicLink("..", to: "/etc") },
        HostileArchive("root_is_file", naming: "./") { $0.add(TarBytes.Header("./", type: "2")) },
        HostileArchive("root_is_plain_file", naming: ".") { $0.file(".", "dead") },
        HostileArchive("name_256", naming: "nnn") {
            $0.records("path", String(repeating: "n", count: 256))
            $0.file("f")
        },
        HostileArchive("pax_1m_path", naming: "d/d/") {
            $0.records("path", String(repeating: "d/", count: 500_000))
            $0.file("f")
        },
        HostileArchive("path_4096", naming: "d/d/") {
            $0.records("path", String(repeating: "d/", count: 2048) + "f")
            $0.file("f")
        },
    ]

    private static let links: [HostileArchive] = [
        HostileArchive("hard_abs_host", naming: "h") { $0.hardLink("h", to: "/etc/shadow") },
        HostileArchive("hard_rel_host", naming: "h") { $0.hardLink("h", to: "../outside/canary") },
        HostileArchive("hard_missing", naming: "h") { $0.hardLink("h", to: "nothing") },
        HostileArchive("hard_forward", naming: "h") {
            $0.hardLink("h", to: "later")
            $0.file("later")
        },
        HostileArchive("hard_self", naming: "f") {
            $0.file("f")
            $0.hardLink("f", to: "./f")
        },
        HostileArchive("hard_dir", naming: "h") {
            $0.folder("d")
            $0.hardLink("h", to: "d")
        },
        HostileArchive("hard_root", naming: "h") { $0.hardLink("h", to: "/") },
        HostileArchive("hard_empty", naming: "h") { $0.hardLink("h", to: "") },
        HostileArchive("hard_through_sym_out", naming: "h") {
            $0.symbolicLink("l", to: "../outside")
            $0.hardLink("h", to: "l/canary")
        },
        HostileArchive("hard_through_abs_sym_out", naming: "h") {
            $0.symbolicLink("l", to: "/etc")
            $0.hardLink("h", to: "l/shadow")
        },
        HostileArchive("sym_without_target", naming: "l") { $0.symbolicLink("l", to: "") },
        HostileArchive("sym_target_too_long", naming: "l") {
            $0.records("linkpath", String(repeating: "x", count: 5000))
            $0.symbolicLink("l", to: "x")
        },
        HostileArchive("sym_chain_circle", naming: "a/f") {
            $0.symbolicLink("a", to: "b")
            $0.symbolicLink("b", to: "a")
            $0.file("a/f", "dead")
        },
        HostileArchive("sym_self", naming: "a/f") {
            $0.symbolicLink("a", to: "a/../a")
            $0.file("a/f", "dead")
        },
    ]

    private static let numbers: [HostileArchive] = [
        HostileArchive("uid_2_32", naming: "f") {
            $0.add(header("f") { $0.owner = TarBytes.Field.binary(1 << 32, 8) })
        },
        HostileArchive("uid_none", naming: "f") {
            $0.add(header("f") { $0.owner = TarBytes.Field.binary(0xFFFF_FFFF, 8) })
        },
        HostileArchive("uid_negative", naming: "f") { $0.add(header("f") { $0.owner = TarBytes.Field.binary(-1, 8) }) },
        HostileArchive("gid_negative", naming: "f") { $0.add(header("f") { $0.group = TarBytes.Field.binary(-2, 8) }) },
        HostileArchive("uid_letters", naming: "f") { $0.add(header("f") { $0.owner = Array("12x4567\0".utf8) }) },
        HostileArchive("uid_pax_overflow") {
            $0.records("uid", "99999999999999999999999")
            $0.file("f")
        },
        HostileArchive("uid_pax_negative") {
            $0.records("uid", "-1")
            $0.file("f")
        },
        HostileArchive("mode_negative", naming: "f") {
            $0.add(header("f") { $0.patches = [(100, TarBytes.Field.binary(-1, 8))] })
        },
        HostileArchive("size_negative", naming: "f") {
            $0.add(header("f") { $0.size = TarBytes.Field.binary(-512, 12) })
        },
        HostileArchive("size_min", naming: "f") {
            $0.add(header("f") { $0.size = TarBytes.Field.binary(.min, 12) })
        },
        HostileArchive("size_max", naming: "f") {
            $0.add(header("f") { $0.size = TarBytes.Field.binary(.max, 12) })
        },
        HostileArchive("size_8_tib") { $0.add(header("f") { $0.size = TarBytes.Field.binary(8 << 40, 12) }) },
        HostileArchive("size_beyond_end", naming: "f") {
            $0.add(header("f") { $0.size = TarBytes.Field.octal(1 << 30, 12) })
        },
        HostileArchive("size_96_bits", naming: "f") {
            $0.add(header("f") { $0.size = [0x80] + .init(repeating: 0xFF, count: 11) })
        },
        HostileArchive("size_letters", naming: "f") { $0.add(header("f") { $0.size = Array("0000000000z\0".utf8) }) },
        HostileArchive("sizes_add_up") { tar in
            for index in 0..<3 { tar.add(header("f\(index)") { $0.size = TarBytes.Field.binary(.max / 2, 12) }) }
        },
        HostileArchive("mtime_letters", naming: "f") {
            $0.add(header("f") { $0.modified = Array("yesterday  \0".utf8) })
        },
        HostileArchive("sparse_8t") {
            $0.records([
                ("GNU.sparse.major", [49]), ("GNU.sparse.minor", [48]), ("GNU.sparse.name", Array("f".utf8)),
                ("GNU.sparse.realsize", Array("8796093022208".utf8)),
            ])
            $0.add(
                TarBytes.Header("x", size: 512), Array("1\n8796093022208\n0\n".utf8) + .init(repeating: 0, count: 495))
        },
        HostileArchive("sparse_old_8t") {
            $0.add(header("f", type: "S") { $0.patches = [(483, TarBytes.Field.binary(8 << 40, 12))] })
        },
        HostileArchive("sparse_overlap", naming: "f") {
            $0.records([
                ("GNU.sparse.size", Array("100".utf8)), ("GNU.sparse.map", Array("0,10,5,10".utf8)),
            ])
            $0.add(TarBytes.Header("f", size: 20), .init(repeating: 1, count: 20))
        },
        HostileArchive("sparse_beyond", naming: "f") {
            $0.records([
                ("GNU.sparse.size", Array("100".utf8)), ("GNU.sparse.map", Array("9223372036854775807,20".utf8)),
            ])
            $0.add(TarBytes.Header("f", size: 20), .init(repeating: 1, count: 20))
        },
        HostileArchive("sparse_odd_map", naming: "f") {
            $0.records([("GNU.sparse.size", Array("100".utf8)), ("GNU.sparse.map", Array("0,10,20".utf8))])
            $0.add(TarBytes.Header("f", size: 10), .init(repeating: 1, count: 10))
        },
        HostileArchive("sparse_endless_list", naming: "f") {
            $0.records([
                ("GNU.sparse.major", [49]), ("GNU.sparse.minor", [48]), ("GNU.sparse.realsize", Array("8".utf8)),
            ])
            $0.add(TarBytes.Header("f", size: 512), Array("999999999999\n".utf8) + .init(repeating: 48, count: 499))
        },
    ]

    private static let records: [HostileArchive] = [
        HostileArchive("pax_bad_len", bytes: pax(Array("99 path=x\n".utf8))),
        HostileArchive("pax_zero_len", bytes: pax(Array("0 path=x\n".utf8))),
        HostileArchive("pax_short_len", bytes: pax(Array("3 path=x\n".utf8))),
        HostileArchive("pax_huge_len", bytes: pax(Array("99999999999999999999 path=x\n".utf8))),
        HostileArchive("pax_no_equals", bytes: pax(Array("7 path\n".utf8))),
        HostileArchive("pax_no_newline", bytes: pax(Array("10 path=xy".utf8))),
        HostileArchive("pax_nul_path", bytes: pax(TarBytes.record("path", Array("a\0b".utf8)))),
        HostileArchive("pax_empty_path", bytes: pax(TarBytes.record("path", []))),
        HostileArchive("pax_size_negative", bytes: pax(TarBytes.record("size", Array("-1".utf8)))),
        HostileArchive("pax_size_claim_1g", naming: "f", bytes: pax(TarBytes.record("size", Array("1073741824".utf8)))),
        HostileArchive("pax_header_claims_1g") {
            $0.add(header("x", type: "x") { $0.size = TarBytes.Field.octal(1 << 30, 12) })
        },
        HostileArchive("gnulong_claims_8g") {
            $0.add(header("x", type: "L") { $0.size = TarBytes.Field.binary(1 << 33, 12) })
        },
        HostileArchive("gnulong_empty") {
            $0.add(TarBytes.Header("x", type: "L", size: 0))
            $0.file("f")
        },
        HostileArchive("gnulong_two_names") {
            $0.long("L", Array("a\0b".utf8))
            $0.file("f")
        },
        HostileArchive("gnulong_against_pax") {
            $0.records("path", "a")
            $0.long("L", Array("b".utf8))
            $0.file("f")
        },
        HostileArchive("pax_without_member") { $0.records("path", "a") },
    ]

    private static func pax(_ contents: [UInt8]) -> [UInt8] {
        TarBytes.archive {
            $0.add(TarBytes.Header("PaxHeaders/x", type: "x", size: contents.count), contents)
            $0.file("f", "x")
        }
    }

    private static let damage: [HostileArchive] = [
        HostileArchive("bad_checksum_first") { $0.add(header("f") { $0.sumError = 1 }) },
        HostileArchive("bad_checksum_later", naming: "first") {
            $0.file("first", "x")
            $0.add(header("second") { $0.sumError = 1 })
            $0.file("third", "x")
        },
        HostileArchive("zeros_inside", naming: "first") {
            $0.file("first", "x")
            $0.raw([UInt8](repeating: 0, count: 512))
            $0.file("hidden", "x")
        },
        HostileArchive("trunc_header", naming: "first", bytes: Array(twoFiles[..<1200])),
        HostileArchive("trunc_contents", naming: "second", bytes: Array(twoFiles[..<1600])),
        HostileArchive("trunc_padding", naming: "second", bytes: Array(twoFiles[..<1900])),
        HostileArchive("trunc_end", bytes: Array(twoFiles[..<2560])),
        HostileArchive("not_a_tar", bytes: .init("This is just text.".utf8)),
        HostileArchive("not_a_tar_long", bytes: .init(repeating: 0x41, count: 10_000)),
        HostileArchive("empty_file", bytes: []),
        HostileArchive("fmt_cpio", bytes: Array("070701".utf8) + .init(repeating: 0x30, count: 1000)),
        HostileArchive("fmt_uu", bytes: Array("begin 644 x\n#86)C\n`\nend\n".utf8) + .init(repeating: 10, count: 1000)),
        HostileArchive("fmt_lrzip", bytes: Array("LRZI".utf8) + .init(repeating: 0, count: 1000)),
        HostileArchive("fmt_mtree", bytes: Array("#mtree\n./x type=file\n".utf8) + .init(repeating: 10, count: 1000)),
    ]

    private static let twoFiles = TarBytes.archive {
        $0.file("first", "x")
        $0.file("second", String(repeating: "y", count: 800))
    }
}
