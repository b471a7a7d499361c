// Part of mesosim. Apache-2.0, see LICENSE.
//
// The heap by itself, at every small size: that is where families of children are incomplete.

import Testing

@testable import SimulationKernel

@Suite("Key heap") struct KeyHeapTests {
  let stream = Seeds(21).stream("keys")

  func key(_ sequence: Int) -> EventKey {
    let order = EventKey.order(priority: 1, sequence: UInt64(sequence), slot: 7)
    return EventKey(instant: Int64(stream.integer(below: 50)), order: order)
  }

  func drain(_ heap: inout KeyHeap) -> [UInt128] {
    var drained: [UInt128] = []
    while heap.count > 0 {
      drained.append(heap.first.bits)
      heap.removeFirst()
    }
    return drained
  }

  @Test("gives keys back in order, at every size")
  func sorts() {
    for size in 0..<120 {
      var heap = KeyHeap(capacity: 4)
      let keys = (0..<size).map { key($0 + 1) }
      for key in keys { heap.insert(key) }
      #expect(drain(&heap) == keys.map(\.bits).sorted())
    }
  }

  @Test("keeps its order when keys are dropped from its midst", arguments: 0..<10)
  func removeAll(round: Int) {
    for size in 0..<120 {
      var heap = KeyHeap(capacity: 4)
      let keys = (0..<size).map { key($0 + 1) }
      for key in keys { heap.insert(key) }
      let dropped = Set(keys.map(\.bits).filter { _ in stream.integer(below: 10) <= round })
      heap.removeAll { dropped.contains($0.bits) }
      let late = EventKey(instant: 25, order: 1)
      heap.insert(late)
      let expected = (keys.map(\.bits).filter { !dropped.contains($0) } + [late.bits]).sorted()
      #expect(drain(&heap) == expected)
    }
  }

  @Test("keys order by instant, then priority, then sequence, before and after the start")
  func keyOrder() {
    func key(_ instant: Int64, _ priority: UInt8, _ sequence: UInt64, _ slot: Int32) -> EventKey {
      EventKey(
        instant: instant,
        order: EventKey.order(priority: priority, sequence: sequence, slot: slot))
    }
    let last = EventKey.sequenceLimit - 1
    let lastSlot = Int32(EventKey.slotLimit - 1)
    let ordered = [
      key(.min, 0, 1, 0), key(-1, 2, 9, 0), key(0, 0, 1, lastSlot), key(0, 0, 2, 0),
      key(0, 0, last, lastSlot), key(0, 1, 1, 0), key(0, 2, 1, 0), key(1, 0, 1, 0),
      key(.max, 2, last, lastSlot), EventKey.never,
    ]
    for (earlier, later) in zip(ordered, ordered.dropFirst()) {
      #expect(earlier < later)
      #expect(!(later < earlier))
    }
    #expect(ordered.map(\.instant).first == .min)
    #expect(EventKey.slot(of: ordered[2].order) == EventKey.slotLimit - 1)
  }
}
