// Part of mesosim. Apache-2.0, see LICENSE.
//
// Where messages wait while they cross the network: an event carries only a slot's number. They are
// moved in and moved out through a pointer, because an optional in an array would be copied, and
// everything in it counted, at each hop. A message and what is noted with it lie in one cache line:
// where many are under way, each line comes from afar.

/// A pool of messages under way, reused so that sending allocates nothing.
struct MessagePool<Note: BitwiseCopyable, Message>: ~Copyable {
  private struct SlotHeader {
    /// The next free slot plus one; `used` while a message is in the slot.
    var link: UInt32
    var note: Note
  }

  /// For each slot its message and, behind it, its cover.
  private var memory: UnsafeMutableRawPointer
  private var capacity = 8
  /// One past the highest slot that was ever used.
  private var limit = 0
  /// The first free slot plus one; zero for none.
  private var firstFree: UInt32 = 0

  private static var used: UInt32 { .max }
  private static var cacheLine: Int { 64 }
  private static var slotHeaderOffset: Int {
    let alignment = MemoryLayout<SlotHeader>.alignment
    return (MemoryLayout<Message>.size + alignment - 1) / alignment * alignment
  }
  /// How far apart messages lie: a whole number of cache lines.
  static var stride: Int {
    (slotHeaderOffset + MemoryLayout<SlotHeader>.size + cacheLine - 1) / cacheLine * cacheLine
  }

  init() { memory = .allocate(byteCount: 8 * Self.stride, alignment: Self.cacheLine) }

  deinit {
    for slot in 0..<limit where slotHeader(slot).pointee.link == Self.used {
      message(slot).deinitialize(count: 1)
    }
    memory.deallocate()
  }

  /// Keeps a message until `take`; returns its slot.
  @inline(__always)
  mutating func put(_ message: consuming Message, _ note: Note) -> UInt32 {
    let slot: Int
    if firstFree != 0 {
      slot = Int(firstFree) - 1
      firstFree = slotHeader(slot).pointee.link
    } else {
      if limit == capacity { grow() }
      slot = limit
      limit += 1
    }
    self.message(slot).initialize(to: consume message)
    slotHeader(slot).initialize(to: SlotHeader(link: Self.used, note: note))
    return UInt32(slot)
  }

  /// What was noted with a message.
  @inline(__always)
  func note(of slot: UInt32) -> Note {
    check(slot)
    return slotHeader(Int(slot)).pointee.note
  }

  /// A message that stays where it is.
  subscript(slot: UInt32) -> Message {
    _read {
      check(slot)
      yield message(Int(slot)).pointee
    }
  }

  /// Takes a message out and frees its slot.
  @inline(__always)
  mutating func take(_ slot: UInt32) -> Message {
    check(slot)
    slotHeader(Int(slot)).pointee.link = firstFree
    firstFree = slot + 1
    return message(Int(slot)).move()
  }

  @inline(__always)
  private func message(_ slot: Int) -> UnsafeMutablePointer<Message> {
    Self.message(slot, in: memory)
  }

  @inline(__always)
  private func slotHeader(_ slot: Int) -> UnsafeMutablePointer<SlotHeader> {
    Self.slotHeader(slot, in: memory)
  }

  @inline(__always)
  private static func message(
    _ slot: Int, in memory: UnsafeMutableRawPointer
  ) -> UnsafeMutablePointer<Message> {
    (memory + slot &* stride).assumingMemoryBound(to: Message.self)
  }

  @inline(__always)
  private static func slotHeader(
    _ slot: Int, in memory: UnsafeMutableRawPointer
  ) -> UnsafeMutablePointer<SlotHeader> {
    (memory + (slot &* stride &+ slotHeaderOffset)).assumingMemoryBound(to: SlotHeader.self)
  }

  @inline(__always)
  private func check(_ slot: UInt32) {
    precondition(
      Int(slot) < limit && slotHeader(Int(slot)).pointee.link == Self.used,
      "message slot \(slot) is empty")
  }

  private mutating func grow() {
    let old = memory
    capacity *= 2
    memory = .allocate(byteCount: capacity * Self.stride, alignment: Self.cacheLine)
    // Only a pool without a free slot grows: every slot holds a message. The message first: moved
    // with its padding, it may reach into the cover.
    for slot in 0..<limit {
      Self.message(slot, in: memory).moveInitialize(from: Self.message(slot, in: old), count: 1)
      Self.slotHeader(slot, in: memory).moveInitialize(
        from: Self.slotHeader(slot, in: old), count: 1)
    }
    old.deallocate()
  }
}

extension MessagePool where Note == Void {
  /// Keeps a message without a note until `take`; returns its slot.
  mutating func put(_ message: consuming Message) -> UInt32 { put(consume message, ()) }
}
