// Part of mesosim. Apache-2.0, see LICENSE.
//
// Who somebody is, and what proves it.

/// What a framework or a slave authenticates with (mesos.proto, `Credential`).
public struct Credential: Hashable, Sendable {
  /// Who it is.
  public var principal: String
  /// What proves it.
  public var secret: String?

  /// Describes a credential.
  public init(principal: String, secret: String? = nil) {
    self.principal = principal
    self.secret = secret
  }
}
