// Part of mesosim. Apache-2.0, see LICENSE.
//
// Where the brokers with a task are, as conditions look at it: how often each value of an attribute
// is taken. Nothing is counted for attributes that no condition is about.

/// Where the brokers with a task are.
struct BrokerPlaces: Hashable, Sendable {
  /// The values that brokers have of one attribute.
  struct Values: Hashable, Sendable {
    private var counts: [String: Int] = [:]
    private var owners: [Int: String] = [:]

    /// How many different values there are.
    var groups: Int { counts.count }

    /// How many brokers the rarest value has.
    var leastCount: Int { counts.values.min() ?? 0 }

    /// The value of the broker with the lowest number.
    var first: String? { owners.min { $0.key < $1.key }?.value }

    func count(of value: String) -> Int { counts[value, default: 0] }

    mutating func add(_ value: String, of broker: Int) {
      owners[broker] = value
      counts[value, default: 0] += 1
    }

    mutating func remove(_ broker: Int) {
      guard let value = owners.removeValue(forKey: broker) else { return }
      let rest = count(of: value) - 1
      counts[value] = rest > 0 ? rest : nil
    }
  }

  private var places: [Int: [String: String]] = [:]
  private var values: [String: Values] = [:]

  /// A broker has a task where these are the attributes, `hostname` among them.
  mutating func add(_ place: [String: String], of broker: Int) {
    remove(broker)
    places[broker] = place
    for field in values.keys {
      if let value = place[field] { values[field]?.add(value, of: broker) }
    }
  }

  /// A broker has no task any more.
  mutating func remove(_ broker: Int) {
    guard places.removeValue(forKey: broker) != nil else { return }
    for field in values.keys { values[field]?.remove(broker) }
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
    return new
  }
}
