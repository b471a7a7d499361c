// Part of mesosim. Apache-2.0, see LICENSE.
//
// The event queue against a sorted array, which is too simple to be wrong.

import Testing
import VirtualTime

@testable import SimulationKernel

/// Pending events in a sorted array; what the real queue must behave like.
struct SortedQueue {
  struct Entry {
    let instant: Int64
    let priority: UInt8
    let sequence: Int
    let word: UInt64
  }

  private(set) var entries: [Entry] = []
  private var pushed = 0

  mutating func push(_ word: UInt64, at instant: Int64, priority: UInt8) -> Int {
    pushed += 1
    let entry = Entry(instant: instant, priority: priority, sequence: pushed, word: word)
    let place = entries.firstIndex {
      ($0.instant, $0.priority, $0.sequence) > (instant, priority, pushed)
    }
    entries.insert(entry, at: place ?? entries.count)
    return pushed
  }

  mutating func pop() -> Entry? { entries.isEmpty ? nil : entries.removeFirst() }

  mutating func cancel(_ sequence: Int) -> Bool {
    guard let place = entries.firstIndex(where: { $0.sequence == sequence }) else { return false }
    entries.remove(at: place)
    return true
  }
}

@Suite("Event queue") struct EventQueueTests {
  /// How often each operation is chosen, in percent; the rest are pops.
  struct Mix: Sendable, CustomTestStringConvertible {
    let pushes: Int
    let cancels: Int
    /// Instants are drawn from this many nanoseconds, so that few mean many ties.
    let spread: Int
    var testDescription: String { "\(pushes)% pushes, \(cancels)% cancels, \(spread) ns" }
  }

  // Goal: whatever is pushed, popped and cancelled, the queue does what a sorted array does.
  // Method: random operations on both; every token ever given may be cancelled, stale or not.
  @Test(
    "behaves as a sorted array does",
    arguments: [
      Mix(pushes: 50, cancels: 0, spread: 1_000_000), Mix(pushes: 50, cancels: 10, spread: 4),
      Mix(pushes: 40, cancels: 30, spread: 1), Mix(pushes: 45, cancels: 45, spread: 1000),
      Mix(pushes: 70, cancels: 10, spread: 100),
    ], [1, 2] as [UInt64])
  func behavesAsSortedArray(mix: Mix, seed: UInt64) {
    let stream = Seeds(seed).stream("operations")
    var queue = EventQueue()
    var model = SortedQueue()
    var tokens: [(EventToken, Int)] = []
    for round in 0..<6000 {
      switch stream.integer(below: 100) {
      case ..<mix.pushes:
        let instant = Int64(stream.integer(below: mix.spread)) - 2
        let priority = EventPriority.allCases[stream.integer(below: 3)]
        let token = queue.push(
          Event(code: 1, word: UInt64(round)), at: Instant(nanoseconds: instant),
          priority: priority, for: HandlerID(index: 3))
        tokens.append(
          (token, model.push(UInt64(round), at: instant, priority: priority.rawValue)))
      case ..<(mix.pushes + mix.cancels) where !tokens.isEmpty:
        let (token, sequence) = tokens[stream.integer(below: tokens.count)]
        #expect(queue.cancel(token) == model.cancel(sequence))
      default:
        #expect(queue.nextInstant?.nanoseconds == model.entries.first?.instant)
        expectEqual(queue.pop(), model.pop())
      }
      #expect(queue.count == model.entries.count)
    }
    while let expected = model.pop() { expectEqual(queue.pop(), expected) }
    #expect(queue.pop() == nil)
    #expect(queue.nextInstant == nil)
  }

  private func expectEqual(_ popped: ScheduledEvent?, _ expected: SortedQueue.Entry?) {
    #expect(popped?.event.word == expected?.word)
    #expect(popped?.instant.nanoseconds == expected?.instant)
  }

  @Test("gives events back as they were pushed")
  func payload() {
    var queue = EventQueue()
    let event = Event(code: .max, word: .max)
    queue.push(
      event, at: .distantFuture, priority: .late, for: HandlerID(index: 2_047))
    let popped = queue.pop()
    #expect(popped?.event == event)
    #expect(popped?.handler == HandlerID(index: 2_047))
    #expect(popped?.instant == .distantFuture)
  }

  @Test("an event later than asked for stays")
  func popNotAfter() {
    var queue = EventQueue()
    queue.push(
      Event(code: 1), at: Instant(nanoseconds: 5), priority: .timer, for: HandlerID(index: 0))
    #expect(queue.pop(notAfter: Instant(nanoseconds: 4)) == nil)
    #expect(queue.count == 1)
    #expect(queue.pop(notAfter: Instant(nanoseconds: 5))?.event.code == 1)
  }

  // Goal: deadlines that are set far ahead and moved with each message must not pile up.
  // Method: move one deadline a million times; dead keys must stay fewer than the live ones, and
  // the order of what stays must survive the sweeps.
  @Test("a deadline that is moved again and again does not disturb the others")
  func movedDeadlines() {
    var queue = EventQueue()
    for index in 0..<100 {
      queue.push(
        Event(code: 1, word: UInt64(index)), at: Instant(nanoseconds: Int64(99 - index)),
        priority: .timer, for: HandlerID(index: 0))
    }
    var deadline = EventToken.none
    for step in 0..<1_000_000 {
      queue.cancel(deadline)
      deadline = queue.push(
        Event(code: 2), at: Instant(nanoseconds: 1000 + Int64(step)), priority: .timer,
        for: HandlerID(index: 0))
      if queue.keysHeld > 2 * queue.count + 1 {
        Issue.record("\(queue.keysHeld) keys are held for \(queue.count) events")
        return
      }
    }
    #expect(queue.count == 101)
    var words: [UInt64] = []
    while let next = queue.pop() { words.append(next.event.word) }
    #expect(words == (0..<100).reversed().map(UInt64.init) + [0])
  }

  @Test("a token stays stale however often its slot is used again")
  func staleToken() {
    var queue = EventQueue()
    func push(_ queue: inout EventQueue) -> EventToken {
      queue.push(
        Event(code: 1), at: .start, priority: .message, for: HandlerID(index: 0))
    }
    let first = push(&queue)
    _ = queue.pop()
    for _ in 0..<100_000 {
      let token = push(&queue)
      #expect(token != first)
      if queue.cancel(first) {
        Issue.record("a stale token cancelled another event")
        return
      }
      _ = queue.pop()
    }
  }
}
