// Part of mesosim. Apache-2.0, see LICENSE.
//
// Which slaves a framework wants to be offered (scheduler.proto, `OfferConstraints`).

/// Which slaves a framework wants to be offered, by role.
public struct OfferConstraints: Hashable, Sendable {
  /// What an attribute of a slave must be like.
  public struct Condition: Hashable, Sendable {
    /// What is looked at.
    public enum Selector: Hashable, Sendable {
      /// The first attribute of this name.
      case attribute(String)
      /// The slave's host.
      case hostname
      /// The region that the slave is in.
      case region
      /// The zone that the slave is in.
      case zone
      /// Something of the slave that is not known.
      case unknown
      /// Nothing at all.
      case none
    }

    /// What must be true of it.
    public enum Predicate: Hashable, Sendable {
      /// It is there.
      case exists
      /// It is not there.
      case notExists
      /// It is this text; what is no text passes.
      case textEquals(String)
      /// It is not this text, or not there.
      case textNotEquals(String)
      /// The whole text matches this pattern; what is no text passes.
      case textMatches(String)
      /// The text does not match this pattern, or is not there.
      case textNotMatches(String)
      /// Nothing that is known.
      case none
    }

    /// What is looked at.
    public var selector: Selector
    /// What must be true of it.
    public var predicate: Predicate

    /// Describes a condition.
    public init(_ selector: Selector, _ predicate: Predicate) {
      self.selector = selector
      self.predicate = predicate
    }
  }

  /// What one role asks for: all of one of the groups.
  public struct Entry: Hashable, Sendable {
    /// The role.
    public var role: Role
    /// Groups of conditions.
    public var groups: [[Condition]]

    /// Describes what a role asks for.
    public init(_ role: Role, _ groups: [[Condition]]) {
      self.role = role
      self.groups = groups
    }
  }

  /// What roles ask for, each role once.
  public var entries: [Entry]

  /// Describes what roles ask for.
  public init(_ entries: [Entry]) { self.entries = entries }
}

extension OfferConstraints {
  /// Whether a role asks for slaves like this one, or for none in particular.
  ///
  /// - Complexity: O(conditions of the role).
  package func admits(
    _ role: Role, hostname: String, _ attributes: Attributes, _ domain: DomainInfo?
  ) -> Bool {
    guard let entry = entries.first(where: { $0.role == role }) else { return true }
    return entry.groups.contains { group in
      group.allSatisfy { condition in
        let value: Attribute.Value? =
          switch condition.selector {
          case .attribute(let name): attributes[name]
          case .hostname: .text(hostname)
          case .region: domain.map { .text($0.region) }
          case .zone: domain.map { .text($0.zone) }
          case .unknown, .none: nil
          }
        return condition.predicate.holds(for: value)
      }
    }
  }
}

extension OfferConstraints.Condition.Predicate {
  /// Whether it is true of an attribute; `nil` for one that is not there.
  fileprivate func holds(for value: Attribute.Value?) -> Bool {
    switch self {
    case .exists: return value != nil
    case .notExists: return value == nil
    case .none: return false
    case .textEquals, .textMatches: guard value != nil else { return false }
    case .textNotEquals, .textNotMatches: guard value != nil else { return true }
    }
    // What is no text passes whatever is asked of texts.
    guard case .text(let text) = value else { return true }
    return switch self {
    case .textEquals(let wanted): text == wanted
    case .textNotEquals(let wanted): text != wanted
    case .textMatches(let pattern): Self.matches(text, pattern)
    case .textNotMatches(let pattern): !Self.matches(text, pattern)
    case .exists, .notExists, .none: true
    }
  }

  /// Whether a pattern describes the whole of a text; one that is no pattern describes none.
  private static func matches(_ text: String, _ pattern: String) -> Bool {
    guard let regex = try? Regex(pattern) else { return false }
    return (try? regex.wholeMatch(in: text)) != nil
  }
}
