// Part of mesosim. Apache-2.0, see LICENSE.
//
// Names in an allocator's parameters that mean something in the scenario around it, so that the
// scenario can be searched for them: a misspelt name would change nothing and nobody would know.

/// A name in the parameters of an allocator that stands for something in the scenario.
public struct ScenarioName: Sendable {
  /// What a name can stand for.
  public enum Kind: Sendable {
    /// A framework.
    case framework
    /// A role that a framework has.
    case role
    /// A role that a framework has, or one above it.
    case roleOrAbove
    /// A framework, or a role as above.
    case frameworkOrRole
    /// A resource that some slave has.
    case resource
    /// A group of slaves.
    case slaveGroup
    /// Slaves by host; `*` stands for any text.
    case hosts
    /// Slaves by what is said of them.
    case slaves(SlaveSelector)
  }

  /// The name as it is written.
  public var text: String
  /// What it stands for.
  public var kind: Kind
  /// The keys that lead to it, such as `tickets.web`; items of lists by number.
  public var path: String

  /// Describes a name.
  public init(_ text: String, _ kind: Kind, at path: String) {
    self.text = text
    self.kind = kind
    self.path = path
  }
}
