/// `RUN --device=name[,required]`: a device by its CDI name.
package struct DeviceFlag: Hashable, Sendable {
    package let name: String
    package let isRequired: Bool
    package let span: SourceSpan
}
