// Part of mesosim. Apache-2.0, see LICENSE.
//
// Pending events: a heap of keys beside a pool of payloads. Cancelling frees the payload at once
// and leaves the key behind; a key whose slot holds another event by the time it surfaces is
// dropped.

internal import CPrefetch
public import VirtualTime

/// An event as it leaves the queue.
public struct ScheduledEvent: Hashable, Sendable {
  /// When it happens.
  public let instant: Instant
  /// Who handles it.
  public let handler: HandlerID
  /// What the handler gets.
  public let event: Event
}

/// Pending events in the order of (instant, priority, sequence).
///
/// At most 16,777,216 events may be pending at a time, and 137,438,953,471 be pushed in all; one
/// more stops the program. Nothing is allocated per event once the queue has reached its size.
public struct EventQueue: ~Copyable {
  /// A payload, or a link of the list of free slots: sixteen bytes, for with many events pending
  /// each comes from afar.
  private struct Slot {
    /// From the top: the sequence of the event that lives here, its handler, its code; zero when
    /// the slot is free.
    private var tag: UInt64
    /// The event's word, or the next free slot.
    var word: UInt64

    @inline(__always)
    init(_ sequence: UInt64, _ event: Event, _ handler: HandlerID) {
      tag =
        sequence << (EventKey.handlerBits + EventKey.codeBits)
        | UInt64(UInt32(bitPattern: handler.index)) << EventKey.codeBits | UInt64(event.code)
      word = event.word
    }

    /// Whether the event of this order lives here.
    @inline(__always)
    func holds(_ order: UInt64) -> Bool {
      tag >> (EventKey.handlerBits + EventKey.codeBits) == EventKey.sequence(of: order)
    }

    @inline(__always)
    mutating func free(next: Int32) {
      tag = 0
      word = UInt64(bitPattern: Int64(next))
    }

    var event: Event { Event(code: UInt16(truncatingIfNeeded: tag), word: word) }
    var handler: HandlerID {
      let number = tag >> EventKey.codeBits & UInt64(HandlerID.limit - 1)
      return HandlerID(index: Int32(truncatingIfNeeded: number))
    }
  }

  /// Slots, of which four fill a cache line, begin at one.
  private static func allocateSlots(_ capacity: Int) -> UnsafeMutablePointer<Slot> {
    UnsafeMutableRawPointer.allocate(
      byteCount: capacity * MemoryLayout<Slot>.stride, alignment: 64
    ).bindMemory(to: Slot.self, capacity: capacity)
  }

  private var heap: KeyHeap
  private var slots: UnsafeMutablePointer<Slot>
  private var slotCapacity: Int
  /// Slots ever used; those below it are live or in the free list.
  private var slotsUsed = 0
  private var firstFree: Int32 = -1
  private var nextSequence: UInt64 = 1

  /// How many events are pending, cancelled ones not counted.
  public private(set) var count = 0

  /// How many keys the heap holds, those of cancelled events included.
  var keysHeld: Int { heap.count }

  /// Makes an empty queue.
  public init() {
    heap = KeyHeap(capacity: 1024)
    slotCapacity = 1024
    slots = Self.allocateSlots(slotCapacity)
  }

  deinit { UnsafeMutableRawPointer(slots).deallocate() }

  /// The instant of the next event.
  public var nextInstant: Instant? {
    mutating get {
      while heap.count > 0 {
        let key = heap.first
        if slots[EventKey.slot(of: key.order)].holds(key.order) {
          return Instant(nanoseconds: key.instant)
        }
        heap.removeFirst()
      }
      return nil
    }
  }

  /// Adds an event behind all others of its instant and priority.
  /// - Parameters:
  ///   - event: What the handler gets.
  ///   - instant: When it happens.
  ///   - priority: Its rank among events of the same instant.
  ///   - handler: Who handles it.
  /// - Returns: A token with which the event can be cancelled.
  /// - Complexity: O(log *n*) in the number of pending events.
  @discardableResult
  public mutating func push(
    _ event: Event, at instant: Instant, priority: EventPriority, for handler: HandlerID
  ) -> EventToken {
    let slot = takeSlot()
    guard nextSequence < EventKey.sequenceLimit else {
      fatalError("\(nextSequence) events were scheduled in one simulation, which is the limit")
    }
    guard UInt32(bitPattern: handler.index) < HandlerID.limit else {
      fatalError("\(handler.index) is no handler's number: they go up to \(HandlerID.limit - 1)")
    }
    let sequence = nextSequence
    let order = EventKey.order(priority: priority.rawValue, sequence: sequence, slot: slot)
    nextSequence += 1
    slots[Int(slot)] = Slot(sequence, event, handler)
    heap.insert(EventKey(instant: instant.nanoseconds, order: order))
    count += 1
    return EventToken(order: order)
  }

  /// Removes the next event, if it happens at `limit` or before.
  /// - Parameter limit: The last instant that counts.
  /// - Returns: The event, or nil when none is due.
  /// - Complexity: O(log *n*) in the number of pending events.
  public mutating func pop(notAfter limit: Instant = .distantFuture) -> ScheduledEvent? {
    while heap.count > 0 {
      let key = heap.first
      let index = EventKey.slot(of: key.order)
      let slot = slots[index]
      let isLive = slot.holds(key.order)
      if isLive, key.instant > limit.nanoseconds { return nil }
      heap.removeFirst()
      guard isLive else { continue }
      freeSlot(index)
      // The next event's is fetched while this one is handled.
      mesosim_prefetch(slots + EventKey.slot(of: heap.first.order))
      return ScheduledEvent(
        instant: Instant(nanoseconds: key.instant), handler: slot.handler, event: slot.event)
    }
    return nil
  }

  /// Takes an event back.
  /// - Parameter token: What `push` returned; that of an event that is no longer pending is
  ///   harmless.
  /// - Returns: Whether the event was pending.
  /// - Complexity: O(1), amortised.
  @discardableResult
  public mutating func cancel(_ token: EventToken) -> Bool {
    let index = EventKey.slot(of: token.order)
    guard token.order != 0, index < slotsUsed, slots[index].holds(token.order) else {
      return false
    }
    freeSlot(index)
    if heap.count > 64, heap.count > 2 * count { sweep() }
    return true
  }

  /// What is pending for a handler, in the order in which it will happen.
  /// - Complexity: O(*n* log *n*) in the number of pending events.
  func pending(for handler: HandlerID) -> [(token: EventToken, event: ScheduledEvent)] {
    heap.all.filter { key in
      let slot = slots[EventKey.slot(of: key.order)]
      return slot.holds(key.order) && slot.handler == handler
    }.sorted { $0 < $1 }.map { key in
      let slot = slots[EventKey.slot(of: key.order)]
      return (
        EventToken(order: key.order),
        ScheduledEvent(
          instant: Instant(nanoseconds: key.instant), handler: handler, event: slot.event)
      )
    }
  }

  /// Drops the keys of cancelled events, which would else pile up where deadlines are far and often
  /// moved.
  @inline(never) private mutating func sweep() {
    let slots = self.slots
    heap.removeAll { !slots[EventKey.slot(of: $0.order)].holds($0.order) }
  }

  @inline(__always) private mutating func takeSlot() -> Int32 {
    if firstFree >= 0 {
      let slot = firstFree
      firstFree = Int32(truncatingIfNeeded: Int64(bitPattern: slots[Int(slot)].word))
      return slot
    }
    if slotsUsed == slotCapacity { growSlots() }
    slotsUsed += 1
    return Int32(truncatingIfNeeded: slotsUsed - 1)
  }

  @inline(__always) private mutating func freeSlot(_ index: Int) {
    slots[index].free(next: firstFree)
    firstFree = Int32(truncatingIfNeeded: index)
    count -= 1
  }

  @inline(never) private mutating func growSlots() {
    guard slotCapacity < EventKey.slotLimit else {
      fatalError("\(slotCapacity) events are pending, which is the limit")
    }
    let larger = Self.allocateSlots(slotCapacity * 2)
    larger.moveInitialize(from: slots, count: slotsUsed)
    UnsafeMutableRawPointer(slots).deallocate()
    slots = larger
    slotCapacity *= 2
  }
}
