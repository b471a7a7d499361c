// Part of mesosim. Apache-2.0, see LICENSE.
//
// Aurora's constraints (`org.apache.aurora.scheduler.filter`). Unlike Marathon's
// they are about sets of values, and a scalar reads as Java writes a double.

/// What a task wants of an attribute of its slave.
public struct AuroraConstraint: Hashable, Sendable {
  /// A kind of wish.
  public enum Wish: Hashable, Sendable {
    /// One of these values, or none of them.
    case values(Set<String>, isNegated: Bool)
    /// Less than so many tasks of the job where the attribute has the same value.
    case limit(Int)
  }

  /// The name of the one that keeps slaves for some jobs.
  public static let dedicated = "dedicated"

  /// The name of the attribute.
  public var name: String
  /// What is wanted.
  public var wish: Wish

  /// Describes a constraint.
  public init(_ name: String, _ wish: Wish) {
    self.name = name
    self.wish = wish
  }

  /// Reads `limit:N`, `a,b` or `!a,b`; `nil` when a limit is no whole number.
  public init?(_ name: String, _ text: String) {
    let limit = "limit:"
    if text.hasPrefix(limit) {
      guard let number = Int32(text.dropFirst(limit.count)) else { return nil }
      self.init(name, .limit(Int(number)))
    } else {
      let isNegated = text.hasPrefix("!")
      let values = text.dropFirst(isNegated ? 1 : 0)
        .split(separator: ",", omittingEmptySubsequences: false)
      self.init(name, .values(Set(values.map(String.init)), isNegated: isNegated))
    }
  }

  /// Whether the role may ask for such slaves, if this is about dedicated ones.
  ///
  /// - Parameter role: The role of the job.
  /// - Returns: False for a limit, several values, or slaves of another role.
  public func isAllowed(role: String) -> Bool {
    guard name == Self.dedicated else { return true }
    guard case .values(let values, _) = wish, values.count == 1, let value = values.first else {
      return false
    }
    let owner = value.prefix { $0 != "/" }
    return owner == "*" || owner == role
  }
}

/// The attributes of a slave, as constraints see them: of each name the set of its values.
public struct AuroraAttributes: Hashable, Sendable {
  /// One of them.
  struct Entry: Hashable {
    let name: String
    /// The values, each once.
    var values: [String]
  }

  /// In the order of names: a slave has few, and they are looked at again and again.
  private(set) var entries: [Entry] = []

  /// None.
  public init() {}

  /// The values of an attribute; `nil` when there is none of this name.
  public subscript(name: String) -> [String]? { entries.first { $0.name == name }?.values }

  /// Adds a text.
  public mutating func add(_ name: String, _ text: String) {
    guard let place = entries.firstIndex(where: { $0.name >= name }) else {
      return entries.append(Entry(name: name, values: [text]))
    }
    if entries[place].name != name {
      entries.insert(Entry(name: name, values: [text]), at: place)
    } else if let other = entries[place].values.firstIndex(where: { $0 >= text }) {
      if entries[place].values[other] != text { entries[place].values.insert(text, at: other) }
    } else {
      entries[place].values.append(text)
    }
  }

  /// Adds a scalar, which reads as Java writes a double: 4 is `4.0`.
  public mutating func add(_ name: String, _ number: Double) { add(name, Self.text(number)) }

  /// A double as Java writes it.
  static func text(_ number: Double) -> String {
    let size = number.magnitude
    guard size.isFinite, size != 0, size < 1e-3 || size >= 1e7 else { return "\(number)" }
    // From the shortest digits, with a point behind the first.
    let parts = "\(size)".split(separator: "e")
    let halves = parts[0].split(separator: ".")
    var exponent = (parts.count > 1 ? Int(parts[1]) ?? 0 : 0) + halves[0].utf8.count - 1
    var digits = Array(halves.joined())
    while digits.first == "0" && digits.count > 1 {
      digits.removeFirst()
      exponent -= 1
    }
    while digits.last == "0" && digits.count > 1 { digits.removeLast() }
    let rest = digits.count > 1 ? String(digits.dropFirst()) : "0"
    return (number < 0 ? "-" : "") + String(digits[0]) + "." + rest + "E" + String(exponent)
  }
}
