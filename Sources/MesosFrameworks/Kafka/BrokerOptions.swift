// Part of mesosim. Apache-2.0, see LICENSE.
//
// What a broker's owner has said of it, option by option, as texts: so they come by HTTP, so they
// are written down, and so a scenario's values are read, too.

/// The options of a broker; without any, the defaults of Kafka on Mesos.
public struct BrokerOptions: Hashable, Sendable {
  /// The name of an option.
  public enum Key: String, Hashable, Sendable, CaseIterable {
    /// How many CPUs it takes.
    case cpus
    /// How much memory it takes, in MB.
    case mem
    /// How much of that its virtual machine takes, in MB.
    case heap
    /// Its port, or a range of ports: `31000..31100`.
    case port
    /// The id of its persistent volume; `{id}` in it stands for the broker's number.
    case volume
    /// What it wants of its slave: `rack=groupBy:3,hostname=unique`.
    case constraints
    /// How long it goes nowhere but where it was.
    case stickinessPeriod
    /// How long it waits after its first failure.
    case failoverDelay
    /// The longest that it waits.
    case failoverMaxDelay
    /// How many failures in a row make it inactive.
    case failoverMaxTries
    /// Options of Kafka itself.
    case options
    /// Options of its log.
    case log4jOptions
    /// Options of its virtual machine.
    case jvmOptions
    /// The address that it is bound to.
    case bindAddress
    /// Whether it logs to the system's log.
    case syslog
  }

  /// How many CPUs it takes.
  public private(set) var cpus = 1.0
  /// How much memory it takes, in MB.
  public private(set) var mem = 2048.0
  /// How much of that its virtual machine takes, in MB.
  public private(set) var heap = 1024.0
  /// The ports it can take; `nil` for any.
  public private(set) var ports: ClosedRange<Int>?
  /// What it wants of its slave.
  public private(set) var constraints: [BrokerWish.Constraint] = []
  /// How long it stays with its slave, and how long it waits after failures.
  public private(set) var rules = BrokerFailover.Rules()
  private var volumePattern = ""
  /// What was given, as it was given.
  private var given: [Key: String] = [:]

  /// The defaults.
  public init() {}

  /// Whether brokers with either want the same of a slave, but for their volumes.
  func wantsLike(_ other: BrokerOptions) -> Bool {
    cpus == other.cpus && mem == other.mem && ports == other.ports
      && constraints == other.constraints
  }

  /// The persistent volume of a broker with these options; `nil` for none.
  public func volume(of broker: Int) -> String? {
    if volumePattern.isEmpty { return nil }
    return volumePattern.replacing("{id}", with: String(broker))
  }

  /// What was given and is not empty, in the order of the keys.
  var texts: [(key: Key, text: String)] {
    Key.allCases.compactMap { key in
      guard let text = given[key], !text.isEmpty else { return nil }
      return (key, text)
    }
  }

  /// Sets an option; an empty text takes it back.
  ///
  /// - Throws: `KafkaRefusal` when the text makes no sense.
  public mutating func set(_ key: Key, to text: String) throws(KafkaRefusal) {
    if text.contains(where: \.isNewline) {
      throw Self.refusal(key, text, "a text on one line")
    }
    switch key {
    case .cpus: cpus = try Self.number(key, text, "a number above 0") { $0 > 0 } ?? 1
    case .mem: mem = try Self.megabytes(key, text) ?? 2048
    case .heap: heap = try Self.megabytes(key, text) ?? 1024
    case .port: ports = text.isEmpty ? nil : try Self.range(key, text)
    case .volume: volumePattern = text
    case .constraints: constraints = try Self.constraints(key, text)
    case .stickinessPeriod: rules.stickinessPeriod = try Self.period(key, text) ?? 600
    case .failoverDelay: rules.delay = try Self.period(key, text) ?? 60
    case .failoverMaxDelay: rules.maxDelay = try Self.period(key, text) ?? 600
    case .failoverMaxTries:
      rules.maxTries = try Self.number(key, text, "a whole number from 1 on") {
        $0 >= 1 && Int32(exactly: $0) != nil
      }.map { Int($0) }
    case .syslog:
      guard ["", "true", "false"].contains(text) else {
        throw Self.refusal(key, text, "true or false")
      }
    case .options, .log4jOptions, .jvmOptions, .bindAddress: break
    }
    given[key] = text
  }

  // MARK: Reading

  private static func refusal(_ key: Key, _ text: String, _ expected: String) -> KafkaRefusal {
    KafkaRefusal("Invalid \(key.rawValue): '\(text)'; expected \(expected)")
  }

  private static func number(
    _ key: Key, _ text: String, _ expected: String, _ isGood: (Double) -> Bool
  ) throws(KafkaRefusal) -> Double? {
    if text.isEmpty { return nil }
    guard let number = Double(text), number < 1e9, isGood(number) else {
      throw refusal(key, text, expected)
    }
    return number
  }

  private static func megabytes(_ key: Key, _ text: String) throws(KafkaRefusal) -> Double? {
    try number(key, text, "a whole number of MB above 0") { $0 >= 1 && $0.rounded() == $0 }
  }

  private static func range(_ key: Key, _ text: String) throws(KafkaRefusal) -> ClosedRange<Int> {
    let ends = text.split(separator: "..", omittingEmptySubsequences: false)
    guard ends.count <= 2, let first = UInt16(ends[0]), let last = UInt16(ends[ends.count - 1]),
      first <= last
    else { throw refusal(key, text, "a port, or a range such as 31000..31100") }
    return Int(first)...Int(last)
  }

  private static let units: [(name: String, seconds: Double)] = [
    ("ms", 0.001), ("s", 1), ("m", 60), ("h", 3600), ("d", 86_400),
  ]

  /// The seconds that a text such as `10m` says; `nil` for an empty one.
  private static func period(_ key: Key, _ text: String) throws(KafkaRefusal) -> Double? {
    if text.isEmpty { return nil }
    for unit in units where text.hasSuffix(unit.name) {
      guard let number = Double(text.dropLast(unit.name.count)), number >= 0, number < 1e9
      else { continue }
      return number * unit.seconds
    }
    throw refusal(key, text, "a period such as 30s, 10m or 1h")
  }

  private static func constraints(
    _ key: Key, _ text: String
  ) throws(KafkaRefusal) -> [BrokerWish.Constraint] {
    var list: [BrokerWish.Constraint] = []
    for part in text.split(separator: ",") {
      guard let equal = part.firstIndex(of: "="), equal > part.startIndex else {
        throw refusal(key, String(part), "a field and a condition such as rack=groupBy:3")
      }
      let field = String(part[..<equal])
      guard !list.contains(where: { $0.field == field }) else {
        throw refusal(key, text, "one condition for '\(field)'")
      }
      do throws(BrokerConditionFault) {
        let condition = try BrokerCondition(String(part[part.index(after: equal)...]))
        list.append(BrokerWish.Constraint(field, condition))
      } catch {
        throw KafkaRefusal("Invalid \(key.rawValue): \(field): \(error)")
      }
    }
    return list
  }
}

/// What is to be changed of brokers' options: texts by key, which make sense.
public struct BrokerChange: Hashable, Sendable {
  /// The texts, in the order given.
  public private(set) var texts: [Text] = []

  /// A key and its text.
  public struct Text: Hashable, Sendable {
    /// The key.
    public let key: BrokerOptions.Key
    /// The text; empty to take the option back.
    public let text: String
  }

  /// Changes nothing.
  public init() {}

  /// Sets another option.
  ///
  /// - Throws: `KafkaRefusal` when the text makes no sense.
  public mutating func set(_ key: BrokerOptions.Key, to text: String) throws(KafkaRefusal) {
    var trial = BrokerOptions()
    try trial.set(key, to: text)
    texts.append(Text(key: key, text: text))
  }

  /// The change with another option set.
  ///
  /// - Throws: `KafkaRefusal` when the text makes no sense.
  public func setting(
    _ key: BrokerOptions.Key, to text: String
  ) throws(KafkaRefusal) -> BrokerChange {
    var copy = self
    try copy.set(key, to: text)
    return copy
  }

  func applied(to options: BrokerOptions) -> BrokerOptions {
    var options = options
    // Each has been tried before.
    for text in texts { try? options.set(text.key, to: text.text) }
    return options
  }
}
