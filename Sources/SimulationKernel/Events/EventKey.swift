// Part of mesosim. Apache-2.0, see LICENSE.
//
// The order of events packed into sixteen bytes, so that the heap moves and compares nothing else.

/// What the heap sorts by: the instant, then priority and sequence, with the payload's slot below.
///
/// The sequence is unique, so no two keys are equal and the slot never decides. One wide integer
/// compares without a branch (Performance.md).
struct EventKey {
  /// From the top: 64 bits of instant, three of priority, 37 of sequence, 24 of slot.
  let bits: UInt128

  static let slotBits: UInt64 = 24
  static let sequenceBits: UInt64 = 37
  /// Of a payload's tag, which begins with the sequence, too.
  static let codeBits: UInt64 = 16
  static let handlerBits = 64 - sequenceBits - codeBits
  static let slotLimit = 1 << Int(slotBits)
  static let sequenceLimit: UInt64 = 1 << sequenceBits

  @inline(__always) init(instant: Int64, order: UInt64) {
    let rank = UInt64(bitPattern: instant) ^ (1 << 63)
    bits = UInt128(rank) << 64 | UInt128(order)
  }

  /// Comes after all events, none of which has its priority.
  static var never: EventKey { EventKey(instant: .max, order: .max) }

  /// Nanoseconds since the start of the run.
  var instant: Int64 {
    Int64(bitPattern: UInt64(truncatingIfNeeded: bits >> 64) ^ (1 << 63))
  }

  /// Priority, sequence and slot, which also name the event to its scheduler.
  var order: UInt64 { UInt64(truncatingIfNeeded: bits) }

  @inline(__always)
  static func order(priority: UInt8, sequence: UInt64, slot: Int32) -> UInt64 {
    UInt64(priority) << (slotBits + sequenceBits)
      | sequence << slotBits | UInt64(truncatingIfNeeded: slot)
  }

  @inline(__always) static func sequence(of order: UInt64) -> UInt64 {
    order >> slotBits & (sequenceLimit - 1)
  }

  @inline(__always) static func slot(of order: UInt64) -> Int {
    Int(truncatingIfNeeded: order & ((1 << slotBits) - 1))
  }

  @inline(__always) static func < (left: EventKey, right: EventKey) -> Bool {
    left.bits < right.bits
  }
}
