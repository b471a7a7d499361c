// Part of mesosim. Apache-2.0, see LICENSE.

import Testing

@testable import MesosFrameworks

@Suite("Kafka: places of brokers")
struct BrokerPlacesTests {
  @Test("the rarest value, the first broker's and their number follow brokers that come and go")
  func follows() {
    var places = BrokerPlaces()
    for (broker, rack) in [(3, "a"), (1, "b"), (2, "a"), (0, "a"), (4, "c"), (5, "c")] {
      places.add(["rack": rack], of: broker)
    }
    func state() -> [String] {
      let values = places.values(of: "rack")
      return [values.first ?? "-", "\(values.groups)", "\(values.leastCount)"]
    }
    #expect(state() == ["a", "3", "1"])
    places.remove(1)
    #expect(state() == ["a", "2", "2"])
    places.add(["rack": "c"], of: 0)
    #expect(state() == ["c", "2", "2"])
    places.remove(0)
    places.remove(2)
    #expect(state() == ["a", "2", "1"])
    for broker in [3, 4, 5, 6] { places.remove(broker) }
    #expect(state() == ["-", "0", "0"])
  }

  @Test("a pattern is asked once for each value")
  func asksOnce() {
    var places = BrokerPlaces()
    var asked: [String] = []
    for (pattern, value) in [("r1", "r1"), ("r1", "r2"), ("r2", "r1"), ("r1", "r1")] {
      let isLike = places.isLike(pattern, value) {
        asked.append(value)
        return pattern == value
      }
      #expect(isLike == (pattern == value))
    }
    #expect(asked == ["r1", "r2", "r1"])
  }
}
