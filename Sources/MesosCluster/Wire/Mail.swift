// Part of mesosim. Apache-2.0, see LICENSE.
//
// Where messages wait while they cross the network: an event carries only a slot's number.

/// A pool of messages under way, reused so that sending allocates nothing.
struct Mail<Message> {
  private var slots: [Message?] = []
  private var free: [UInt32] = []

  /// Keeps a message until `take`; returns its slot.
  mutating func put(_ message: Message) -> UInt32 {
    if let slot = free.popLast() {
      slots[Int(slot)] = message
      return slot
    }
    slots.append(message)
    return UInt32(slots.count - 1)
  }

  /// A message that stays where it is.
  subscript(slot: UInt32) -> Message {
    guard let message = slots[Int(slot)] else {
      preconditionFailure("message slot \(slot) is empty")
    }
    return message
  }

  /// Takes a message out and frees its slot.
  mutating func take(_ slot: UInt32) -> Message {
    guard let message = slots[Int(slot)].take() else {
      preconditionFailure("message slot \(slot) was taken twice")
    }
    free.append(slot)
    return message
  }
}
