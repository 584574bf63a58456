/// An output's file and how many members of its archive are in it already.
struct BegunOutput: ~Copyable {
    let file: OutputFile
    let members: Int

    /// The file, once it has all members.
    consuming func finished() -> OutputFile { file }
}
