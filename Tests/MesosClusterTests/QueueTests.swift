// Part of mesosim. Apache-2.0, see LICENSE.
//
// The queue and the heap that deadlines wait in, against arrays, and the timers of processes.

import Mesos
import Testing

@testable import MesosCluster

@Suite("Queue and heap")
struct QueueTests {
  @Test("a queue gives back what was appended, wherever its ring begins when it grows")
  func queue() {
    var queue = Queue<Int>()
    var expected: [Int] = []
    var number = 0
    // Longer and longer runs in, shorter ones out: it grows with its head in every place.
    for round in 0..<60 {
      for _ in 0..<round % 17 {
        queue.append(number)
        expected.append(number)
        number += 1
      }
      for _ in 0..<min(round % 13, expected.count) {
        let first = queue.first
        #expect(first == expected[0])
        queue.removeFirst()
        expected.removeFirst()
      }
      let (count, first, last) = (Int(queue.count), queue.first, queue.last)
      #expect(count == expected.count)
      #expect(first == expected.first)
      #expect(last == expected.last)
      if round == 40 {
        queue.removeAll()
        expected = []
        let isEmpty = queue.isEmpty
        #expect(isEmpty)
      }
    }
    #expect(expected.count > 20)
  }

  @Test("a heap gives its values in order, whichever were put in between")
  func heap() {
    var heap = Heap<Int>()
    var expected: [Int] = []
    for number in 0..<200 {
      let value = number &* 7919 % 211
      heap.insert(value)
      expected.append(value)
      expected.sort()
      #expect(heap.first == expected.first)
      if number % 3 == 0 {
        heap.removeFirst()
        expected.removeFirst()
      }
    }
    while !expected.isEmpty {
      #expect(heap.first == expected.first)
      heap.removeFirst()
      expected.removeFirst()
    }
    #expect(heap.isEmpty)
  }
}

@Suite("Timer table")
struct TimerTableTests {
  @Test("the name of a timer that ran or was cancelled does not reach the next in its slot")
  func reuse() throws {
    var timers = TimerTable<Int>()
    var ran: [String] = []
    var slots: [UInt32] = []
    func start(_ name: String, _ ticket: Int) -> TimerID {
      timers.start({ ran.append(name) }) { slot in
        slots.append(slot)
        return ticket
      }
    }
    let first = start("first", 1)
    #expect(timers.cancel(first) == 1)
    let second = start("second", 2)
    #expect(slots == [0, 0])
    #expect(first != second)
    #expect(timers.cancel(first) == nil)
    let taken = timers.take(0)
    let run = try #require(taken)
    run()
    #expect(ran == ["second"])
    #expect(timers.take(0) == nil)
    #expect(timers.cancel(second) == nil)
  }

  @Test("all are forgotten at once, and their tickets given back in the order of their slots")
  func removeAll() {
    var timers = TimerTable<Int>()
    let ids = (0..<4).map { number in timers.start({}) { _ in number } }
    #expect(timers.cancel(ids[1]) == 1)
    #expect(timers.removeAll() == [0, 2, 3])
    #expect(timers.cancel(ids[2]) == nil)
    #expect(timers.take(3) == nil)
    #expect(timers.cancel(timers.startNone()) == nil)
  }
}
