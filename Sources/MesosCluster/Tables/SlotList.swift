// Part of mesosim. Apache-2.0, see LICENSE.
//
// Lists through a table: who belongs to one slave or framework is found without looking at anybody
// else, and in the order in which they came.

/// The neighbours of a slot in a list.
struct SlotLinks {
  var next: Int32 = -1
  var previous: Int32 = -1
}

/// The ends of one list through a table, which keeps the links of all its slots.
struct SlotList {
  private(set) var first: Int32 = -1
  private(set) var last: Int32 = -1

  var isEmpty: Bool { first < 0 }

  mutating func append(_ slot: Int32, _ links: inout [SlotLinks]) {
    links[Int(slot)] = SlotLinks(next: -1, previous: last)
    if last >= 0 { links[Int(last)].next = slot } else { first = slot }
    last = slot
  }

  mutating func remove(_ slot: Int32, _ links: inout [SlotLinks]) {
    let own = links[Int(slot)]
    if own.previous >= 0 { links[Int(own.previous)].next = own.next } else { first = own.next }
    if own.next >= 0 { links[Int(own.next)].previous = own.previous } else { last = own.previous }
  }

  /// The slots, first to last.
  func slots(_ links: [SlotLinks]) -> [Int32] {
    var result: [Int32] = []
    var slot = first
    while slot >= 0 {
      result.append(slot)
      slot = links[Int(slot)].next
    }
    return result
  }
}
