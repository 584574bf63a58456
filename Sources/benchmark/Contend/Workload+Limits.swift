import SystemPackage

extension Workload {
    /// The same bytes with plain tools, the one that counts first.
    package func limits(in place: Place) -> [Contender] {
        let context = place.context.string.quoted
        switch self {
        case .unchanged: return [Contender("bsdtar --version", .limit, Command(["bsdtar", "--version"]))]
        case .unchangedExported:
            return [writing("cp", "cat \(place.own("layerbuild.tar").string.quoted)", place)]
        case .application: return [ByHand(place).application]
        case .applicationChanged: return [ByHand(place).applicationChanged]
        case .steps, .mixed: return [steps(in: place)]
        case .files:
            let (name, line) = Self.packing("tree", with: "zstd -3 -T2", place)
            return [writing(name, line, place), syncing(name, line, place), copying(place), walking(place)]
        case .filesGzip: return [packing("tree", with: Self.gzip, place)]
        case .oneChanged:
            var limit = packing("tree", with: "zstd -3 -T2", place)
            limit.before += change(in: place).map { [$0] } ?? []
            return [limit]
        case .large:
            let line = "zstd -q -3 -T2 -c \(context)/large"
            return [writing("zstd -3 -T2", line, place), syncing("zstd -3 -T2", line, place)]
        case .largeGzip: return [writing(Self.gzip, "\(Self.gzip) -c \(context)/large", place)]
        case .filesUnchanged: return [walking(place)]
        case .deletion: return [deletion(in: place)]
        case .export:
            let source = place.own("layerbuild.tar").string.quoted
            // As builders find their images: what went past the page cache is in no memory.
            return [writing("cp", "cat \(source)", place), syncing("cp", "cat \(source)", place)].map { contender in
                var contender = contender
                contender.before.append(.shell("cat \(source) >/dev/null"))
                return contender
            }
        case .base: return [unpacking(place)]
        case .stages: return [Contender("sleep 2", .limit, Command(["sleep", "2"]))]
        case .container: return [container(in: place)]
        case .deepRuns, .deepCopies: return []
        }
    }

    /// The fast one, where it is installed.
    private static var gzip: String { Peer.isInstalled("igzip") ? "igzip -1" : "pigz -1" }

    private func steps(in place: Place) -> Contender {
        let one = "unshare -mpf --mount-proc chroot \(place.base.string.quoted) /bin/true"
        let line = "i=0; while [ $i -lt \(parts) ]; do \(one); i=$((i+1)); done"
        return Contender("unshare … chroot /bin/true", .limit, .shell(line))
    }

    private func container(in place: Place) -> Contender {
        let words = ["unshare", "-mpf", "--mount-proc", "chroot", place.base.string, "/bin/true"]
        return Contender("unshare … chroot /bin/true", .limit, Command(words))
    }

    /// A line whose output goes to a file, without the previous one in the way.
    private func writing(_ name: String, _ line: String, _ place: Place) -> Contender {
        let file = place.own("limit")
        var contender = Contender(name, .limit, .shell("\(line) > \(file.string.quoted)"))
        contender.before = [Command(["rm", "-f", file.string])]
        contender.after = contender.before
        contender.output = file
        return contender
    }

    /// The same, and waits for the disk, as layerbuild does before an output gets its name.
    private func syncing(_ name: String, _ line: String, _ place: Place) -> Contender {
        let file = place.own("synced")
        let path = file.string.quoted
        var contender = Contender("\(name); sync", .syncedLimit, .shell("\(line) > \(path); sync \(path)"))
        contender.before = [Command(["rm", "-f", file.string])]
        contender.after = contender.before
        contender.output = file
        return contender
    }

    private func packing(_ name: String, with compressor: String, _ place: Place) -> Contender {
        let (name, line) = Self.packing(name, with: compressor, place)
        return writing(name, line, place)
    }

    /// What packs a tree, and how it is called.
    private static func packing(
        _ name: String, with compressor: String, _ place: Place
    ) -> (name: String, line: String) {
        ("tar c | \(compressor)", "tar c -C \(place.context.string.quoted) \(name) | \(compressor)")
    }

    private func copying(_ place: Place) -> Contender {
        let copy = place.own("copy").string
        let source = place.context.appending("tree").string
        var contender = Contender("cp -a", .floor, Command(["cp", "-a", source, copy]))
        contender.after = [Command(["rm", "-rf", copy])]
        return contender
    }

    private func walking(_ place: Place) -> Contender {
        let tree = place.context.appending("tree").string
        return Contender(
            "find -printf", self == .filesUnchanged ? .limit : .floor,
            Command(["find", tree, "-printf", "%p %s %T@ %m %i\\n"]))
    }

    private func unpacking(_ place: Place) -> Contender {
        let folder = place.own("unpacked").string
        var contender = Contender(
            "tar xzf", .limit, Command(["tar", "xzf", place.context.appending("base.tar.gz").string, "-C", folder]))
        contender.before = [Command(["mkdir", folder])]
        contender.after = [Command(["rm", "-rf", folder])]
        return contender
    }

    /// The same commands in an overlay of the same layers.
    private func deletion(in place: Place) -> Contender {
        let folder = place.own("overlay").string
        let (upper, work, merged) = (folder + "/upper", folder + "/work", folder + "/merged")
        let lower = "lowerdir=\(place.context):\(place.base)"
        let options = "\(lower),upperdir=\(upper),workdir=\(work),volatile"
        let inside =
            "mount -t overlay overlay -o \(options.quoted) \(merged.quoted); "
            + "chroot \(merged.quoted) /bin/sh -ec \(Self.deletionLine.quoted)"
        var contender = Contender("the same rm in an overlay", .limit, Command(["unshare", "-m", "sh", "-ec", inside]))
        contender.before = [Command(["mkdir", "-p", upper, work, merged])]
        contender.after = [Command(["rm", "-rf", folder])]
        return contender
    }
}
