/// Traps if what is true for every input is not true for this one.
func law(_ meaning: StaticString, _ holds: @autoclosure () -> Bool) {
    precondition(holds(), "\(meaning)")
}
