import SystemPackage

/// The commands of the application's recipe, run over its base in a bare overlay, without any builder.
struct ByHand {
    private let place: Place

    init(_ place: Place) { self.place = place }

    private var context: String { place.context.string }
    private var folder: String { place.own("by-hand").string }

    /// Everything, from an empty upper folder on.
    var application: Contender {
        let line = inside(
            "upper", over: place.base.string,
            [
                "cp -a \(context.quoted)/debs \(merged)/", chroot(Workload.installLine),
                "cp -a \(context.quoted)/app \(merged)/", chroot(Workload.pagesLine),
                "cp -a \(merged)/app/site \(folder.quoted)/site",
            ])
        var contender = Contender("the same commands in an overlay", .limit, line)
        contender.before = [clear, make]
        contender.after = [clear]
        return contender
    }

    /// What depends on the application's files, over what the commands before left.
    var applicationChanged: Contender {
        let lower = "\(folder)/installed:\(place.base)"
        let line = inside(
            "upper", over: lower,
            [
                "cp -a \(context.quoted)/app \(merged)/", chroot(Workload.pagesLine),
                "cp -a \(merged)/app/site \(folder.quoted)/site",
            ])
        var contender = Contender("the same commands in an overlay", .limit, line)
        let install = inside(
            "installed", over: place.base.string,
            [
                "cp -a \(context.quoted)/debs \(merged)/", chroot(Workload.installLine),
            ])
        contender.once = [clear, make, install]
        contender.before = [
            .shell("cd \(folder.quoted); rm -rf upper work merged site; mkdir upper work merged"),
            Workload.applicationChanged.change(in: place),
        ].compactMap { $0 }
        return contender
    }

    private var merged: String { folder.quoted + "/merged" }
    private var clear: Command { Command(["rm", "-rf", folder]) }
    private var make: Command {
        Command(["mkdir", "-p"] + ["upper", "installed", "work", "merged"].map { folder + "/" + $0 })
    }

    /// Lines in a mount namespace of their own, with an overlay mounted.
    private func inside(_ upper: String, over lower: String, _ lines: [String]) -> Command {
        let options = "lowerdir=\(lower),upperdir=\(folder)/\(upper),workdir=\(folder)/work,volatile"
        let mounts = [
            "mount -t overlay overlay -o \(options.quoted) \(merged)", "mount -t proc proc \(merged)/proc",
            "mount --rbind /dev \(merged)/dev",
        ]
        return Command(["unshare", "-mpf", "/bin/sh", "-ec", (mounts + lines).joined(separator: "; ")])
    }

    private func chroot(_ line: String) -> String {
        "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin chroot \(merged) /bin/sh -ec \(line.quoted)"
    }
}
