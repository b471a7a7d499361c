// Part of mesosim. Apache-2.0, see LICENSE.
//
// Where messages wait while they cross the network: an event carries only a slot's number. They are
// moved in and moved out through a pointer, because an optional in an array would be copied, and
// everything in it counted, at each hop.

/// A pool of messages under way, reused so that sending allocates nothing.
struct Mail<Envelope: BitwiseCopyable, Message>: ~Copyable {
  private struct Cover {
    /// The next free slot plus one; `used` while a message is in the slot.
    var link: UInt32
    var envelope: Envelope
  }

  private var covers: UnsafeMutablePointer<Cover>
  private var messages: UnsafeMutablePointer<Message>
  private var capacity = 8
  /// One past the highest slot that was ever used.
  private var limit = 0
  /// The first free slot plus one; zero for none.
  private var firstFree: UInt32 = 0

  private static var used: UInt32 { .max }

  init() {
    covers = .allocate(capacity: 8)
    messages = .allocate(capacity: 8)
  }

  deinit {
    for slot in 0..<limit where covers[slot].link == Self.used {
      (messages + slot).deinitialize(count: 1)
    }
    messages.deallocate()
    covers.deallocate()
  }

  /// Keeps a message until `take`; returns its slot.
  @inline(__always)
  mutating func put(_ message: consuming Message, _ envelope: Envelope) -> UInt32 {
    let slot: Int
    if firstFree != 0 {
      slot = Int(firstFree) - 1
      firstFree = covers[slot].link
    } else {
      if limit == capacity { grow() }
      slot = limit
      limit += 1
    }
    (covers + slot).initialize(to: Cover(link: Self.used, envelope: envelope))
    (messages + slot).initialize(to: consume message)
    return UInt32(slot)
  }

  /// What stands on a message's envelope.
  @inline(__always)
  func envelope(of slot: UInt32) -> Envelope {
    check(slot)
    return covers[Int(slot)].envelope
  }

  /// A message that stays where it is.
  subscript(slot: UInt32) -> Message {
    _read {
      check(slot)
      yield messages[Int(slot)]
    }
  }

  /// Takes a message out and frees its slot.
  @inline(__always)
  mutating func take(_ slot: UInt32) -> Message {
    check(slot)
    covers[Int(slot)].link = firstFree
    firstFree = slot + 1
    return (messages + Int(slot)).move()
  }

  @inline(__always)
  private func check(_ slot: UInt32) {
    precondition(
      Int(slot) < limit && covers[Int(slot)].link == Self.used, "message slot \(slot) is empty")
  }

  private mutating func grow() {
    let newCovers = UnsafeMutablePointer<Cover>.allocate(capacity: 2 * capacity)
    let newMessages = UnsafeMutablePointer<Message>.allocate(capacity: 2 * capacity)
    newCovers.moveInitialize(from: covers, count: limit)
    // Only a pool without a free slot grows: every slot holds a message.
    newMessages.moveInitialize(from: messages, count: limit)
    covers.deallocate()
    messages.deallocate()
    covers = newCovers
    messages = newMessages
    capacity *= 2
  }
}

extension Mail where Envelope == Void {
  /// Keeps what has no envelope until `take`; returns its slot.
  mutating func put(_ message: consuming Message) -> UInt32 { put(consume message, ()) }
}
