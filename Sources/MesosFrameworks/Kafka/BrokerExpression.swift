// Part of mesosim. Apache-2.0, see LICENSE.
//
// Which brokers a command is about (Kafka on Mesos, `ly.stealth.mesos.kafka`): `0,2..4`, `*`,
// `*[rack=r1,hostname=db*]`.

/// A broker, as far as expressions are concerned.
public struct BrokerSight: Hashable, Sendable {
  /// Its number.
  public var id: Int
  /// The attributes of the slave where its task is, `hostname` among them; `nil` without a task.
  public var attributes: [String: String]?

  /// Describes a broker.
  public init(_ id: Int, attributes: [String: String]? = nil) {
    self.id = id
    self.attributes = attributes
  }
}

/// Names brokers by number and by where they are.
public struct BrokerExpression: Hashable, Sendable {
  /// The most brokers a range may name.
  public static let widestRange = 100_000

  private enum Item: Hashable { case all, range(Int, Int) }

  /// What an attribute has to be.
  private struct Filter: Hashable {
    var name: String
    /// `nil` for anything; with `*` behind it for anything that begins so.
    var value: String?

    func accepts(_ attributes: [String: String]) -> Bool {
      guard let actual = attributes[name] else { return false }
      guard let value else { return true }
      return value.hasSuffix("*") ? actual.hasPrefix(value.dropLast()) : actual == value
    }
  }

  private var items: [Item] = []
  private var filters: [Filter]?

  /// Reads an expression.
  ///
  /// - Throws: `BrokerExpressionFault` that names the part.
  public init(_ text: String) throws(BrokerExpressionFault) {
    var list = text[...]
    if list.hasSuffix("]") {
      guard let open = list.lastIndex(of: "[") else {
        throw BrokerExpressionFault(expression: text, part: text)
      }
      let inner = list[list.index(after: open)...].dropLast()
      filters = inner.split(separator: ",").map { Self.filter($0) }
      list = list[..<open]
    }
    var parts = list.split(separator: ",", omittingEmptySubsequences: false)
    // What ends in commas is cut there, as Java cuts it.
    while parts.count > 1, parts.last?.isEmpty == true { parts.removeLast() }
    for part in parts {
      guard let item = Self.item(part.trimmed) else {
        throw BrokerExpressionFault(expression: text, part: String(part))
      }
      items.append(item)
    }
  }

  private static func filter(_ text: Substring) -> Filter {
    guard let equal = text.firstIndex(of: "=") else {
      return Filter(name: String(text.trimmed), value: nil)
    }
    let value = text[text.index(after: equal)...]
    return Filter(name: String(text[..<equal].trimmed), value: String(value.trimmed))
  }

  private static func item(_ text: Substring) -> Item? {
    if text == "*" { return .all }
    guard let dots = text.firstDots else {
      return Int32(text).map { .range(Int($0), Int($0)) }
    }
    guard let first = Int32(text[..<dots.lowerBound]), let last = Int32(text[dots.upperBound...]),
      Int(last) - Int(first) < widestRange
    else { return nil }
    return .range(Int(first), Int(last))
  }

  /// The brokers it names, each once.
  ///
  /// - Parameters:
  ///   - brokers: Those there are.
  ///   - byAttributes: Whether they come in turns from the different values of the attributes that
  ///     are named, rather than by number.
  /// - Returns: Their numbers; one that does not exist is among them unless attributes are named.
  public func ids(among brokers: [BrokerSight], byAttributes: Bool = false) -> [Int] {
    var ids: Set<Int> = []
    for item in items {
      switch item {
      case .all: ids.formUnion(brokers.map(\.id))
      case .range(let first, let last): if first <= last { ids.formUnion(first...last) }
      }
    }
    guard let filters else { return ids.sorted() }
    var found: [Int: [String: String]] = [:]
    for broker in brokers where ids.contains(broker.id) {
      let attributes = broker.attributes ?? [:]
      if filters.allSatisfy({ $0.accepts(attributes) }) { found[broker.id] = attributes }
    }
    let sorted = found.keys.sorted()
    guard byAttributes else { return sorted }
    let names = filters.map(\.name)
    return Self.inTurns(sorted) { id in names.map { found[id]?[$0] ?? "" } }
  }

  /// One of each group, the groups in order, again and again.
  private static func inTurns(_ ids: [Int], _ values: (Int) -> [String]) -> [Int] {
    var groups: [[String]: [Int]] = [:]
    for id in ids { groups[values(id), default: []].append(id) }
    let queues = groups.sorted { $0.key.lexicographicallyPrecedes($1.key) }.map(\.value)
    let longest = queues.map(\.count).max() ?? 0
    return (0..<longest).flatMap { turn in
      queues.compactMap { turn < $0.count ? $0[turn] : nil }
    }
  }
}

/// Says why a text names no brokers.
public struct BrokerExpressionFault: Error, Hashable, Sendable, CustomStringConvertible {
  /// The text.
  public var expression: String
  /// What of it cannot be read.
  public var part: String

  /// What is wrong and what was expected.
  public var description: String {
    "broker expression '\(expression)': '\(part)' is none; expected *, N or N..M, joined by "
      + "commas, and perhaps attributes as [rack=r1,hostname=db*]"
  }
}

extension Substring {
  fileprivate var trimmed: Substring {
    var text = drop { $0.isWhitespace }
    while text.last?.isWhitespace == true { text.removeLast() }
    return text
  }

  /// The place of the first two points in a row.
  fileprivate var firstDots: Range<Index>? {
    var index = startIndex
    while index < endIndex {
      let next = self.index(after: index)
      if next < endIndex, self[index] == ".", self[next] == "." {
        return index..<self.index(after: next)
      }
      index = next
    }
    return nil
  }
}
