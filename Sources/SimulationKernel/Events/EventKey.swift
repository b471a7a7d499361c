// Part of mesosim. Apache-2.0, see LICENSE.
//
// The order of events packed into sixteen bytes, so that the heap moves and compares nothing else.

/// What the heap sorts by: the instant, then priority and sequence, with the payload's slot below.
///
/// The sequence is unique, so no two keys are equal and the slot never decides.
struct EventKey {
  /// Nanoseconds since the start of the run.
  var instant: Int64
  /// Three bits of priority, 37 of sequence, 24 of slot.
  var order: UInt64

  static let slotBits: UInt64 = 24
  static let sequenceBits: UInt64 = 37
  static let slotLimit = 1 << Int(slotBits)
  static let sequenceLimit: UInt64 = 1 << sequenceBits

  static func order(priority: UInt8, sequence: UInt64, slot: Int32) -> UInt64 {
    UInt64(priority) << (slotBits + sequenceBits)
      | sequence << slotBits | UInt64(truncatingIfNeeded: slot)
  }

  static func slot(of order: UInt64) -> Int {
    Int(truncatingIfNeeded: order & ((1 << slotBits) - 1))
  }

  static func < (left: EventKey, right: EventKey) -> Bool {
    left.instant != right.instant ? left.instant < right.instant : left.order < right.order
  }
}
