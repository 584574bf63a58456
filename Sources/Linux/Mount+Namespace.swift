import CLinux

extension Mount {
    /// Lets this thread, and all it starts, mount where nobody else sees it; the kernel unmounts when they have ended.
    package static func leaveHostNamespace() throws(SyscallError) {
        try checkShim("unshare") { clinux_own_mounts() }
    }
}
