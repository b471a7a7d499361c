public struct Role: Identifier {
  public let value: String
  public init(_ value: String) { self.value = value }
  public static let unreserved = Role("*")
}
public struct Attributes: Hashable, Sendable { public init() {} }
