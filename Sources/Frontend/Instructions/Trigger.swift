/// `ONBUILD instruction`: text that runs in builds that start from this image.
package struct Trigger: Hashable, Sendable {
    /// The inner instruction as the image will carry it: continuations joined, heredocs written out again.
    package let text: String
    /// The inner instruction's keyword as typed.
    package let keyword: Located<String>
}
