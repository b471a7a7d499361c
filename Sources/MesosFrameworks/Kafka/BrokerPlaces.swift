// Part of mesosim. Apache-2.0, see LICENSE.
//
// Where the brokers with a task are, as conditions look at it: how often each value of an attribute
// is taken. Nothing is counted for attributes that no condition is about.

/// Where the brokers with a task are.
struct BrokerPlaces: Hashable, Sendable {
  /// The values that brokers have of one attribute.
  struct Values: Hashable, Sendable {
    private var counts: [String: Int] = [:]
    /// How many values each number of brokers has.
    private var sizes: [Int: Int] = [:]
    private var owners: [Int: String] = [:]
    /// The brokers in order.
    private var order: [Int] = []

    /// How many different values there are.
    var groups: Int { counts.count }

    /// How many brokers the rarest value has.
    ///
    /// - Complexity: O(how many different numbers of brokers values have), which are few.
    var leastCount: Int { sizes.keys.min() ?? 0 }

    /// The value of the broker with the lowest number.
    var first: String? { order.first.flatMap { owners[$0] } }

    func count(of value: String) -> Int { counts[value, default: 0] }

    mutating func add(_ value: String, of broker: Int) {
      owners[broker] = value
      order.insert(broker, at: order.partitioningIndex { $0 >= broker })
      resize(value, by: 1)
    }

    mutating func remove(_ broker: Int) {
      guard let value = owners.removeValue(forKey: broker) else { return }
      order.remove(at: order.partitioningIndex { $0 >= broker })
      resize(value, by: -1)
    }

    private mutating func resize(_ value: String, by change: Int) {
      let before = count(of: value)
      let after = before + change
      counts[value] = after > 0 ? after : nil
      if before > 0 { sizes[before] = sizes[before].flatMap { $0 > 1 ? $0 - 1 : nil } }
      if after > 0 { sizes[after, default: 0] += 1 }
    }
  }

  private var places: [Int: [String: String]] = [:]
  private var values: [String: Values] = [:]
  /// The attributes that are counted: who goes through the keys of `values` keeps them, and what is
  /// counted would be copied when it changes.
  private var fields: [String] = []
  /// What patterns have said of values: there are many offers and few values.
  private var answers: [String: [String: Bool]] = [:]

  /// A broker has a task where these are the attributes, `hostname` among them.
  mutating func add(_ place: [String: String], of broker: Int) {
    remove(broker)
    places[broker] = place
    for field in fields {
      if let value = place[field] { values[field]?.add(value, of: broker) }
    }
  }

  /// A broker has no task any more.
  mutating func remove(_ broker: Int) {
    guard places.removeValue(forKey: broker) != nil else { return }
    for field in fields { values[field]?.remove(broker) }
  }

  /// Where a broker's task is.
  subscript(broker: Int) -> [String: String]? { places[broker] }

  /// The values of an attribute.
  mutating func values(of field: String) -> Values {
    if let known = values[field] { return known }
    var new = Values()
    for (broker, place) in places {
      if let value = place[field] { new.add(value, of: broker) }
    }
    values[field] = new
    fields.append(field)
    return new
  }

  /// Whether a value is like a pattern, which is asked at most once.
  mutating func isLike(_ pattern: String, _ value: String, _ ask: () -> Bool) -> Bool {
    if let known = answers[pattern]?[value] { return known }
    let answer = ask()
    answers[pattern, default: [:]][value] = answer
    return answer
  }
}
