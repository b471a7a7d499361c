// Part of mesosim. Apache-2.0, see LICENSE.

import Mesos
import Testing
import VirtualTime

@testable import MesosAllocation

@Suite("Refusals of many slaves at once")
struct RunFiltersTests {
  private let now = Instant(nanoseconds: 10)
  private let slaves = (0..<100).map { SlaveIndex($0) }

  private func instant(_ number: Int64) -> Instant { Instant(nanoseconds: number) }

  /// The slaves that are left of all.
  private func left(
    by filters: RunFilters, client: Int32, at now: Instant, isTick: Bool = false
  ) -> [Int] {
    var some = SlaveSet(slaves)
    filters.subtract(from: &some, client: client, at: now, isTick: isTick)
    for slave in slaves {
      let isRefused = filters.refuses(client: client, slave: slave, at: now, isTick: isTick)
      #expect(isRefused == !some.contains(slave))
    }
    return some.members.map { Int($0) }
  }

  @Test("hold until they end, client by client")
  func ends() {
    var filters = RunFilters()
    filters.add(slaves[0..<90], client: 0, expiry: instant(15), tick: instant(20))
    filters.add(slaves[90..<95], client: 0, expiry: instant(40), tick: instant(40))
    filters.add(slaves[0..<100], client: 3, expiry: instant(30), tick: instant(30))
    #expect(left(by: filters, client: 0, at: now) == Array(95..<100))
    #expect(left(by: filters, client: 1, at: now) == Array(0..<100))
    #expect(left(by: filters, client: 3, at: now) == [])
    // Ended, and still there until the tick.
    #expect(left(by: filters, client: 0, at: instant(15)) == Array(0..<90) + Array(95..<100))
    #expect(left(by: filters, client: 0, at: instant(15), isTick: true) == Array(95..<100))
    #expect(filters.nextTick == instant(20))
    var ended: [Int] = []
    filters.expire(by: instant(20)) { ended += $0.members.map { Int($0) } }
    #expect(ended == Array(0..<90))
    #expect(filters.nextTick == instant(30))
    filters.removeAll(client: 3)
    #expect(filters.nextTick == instant(40))
    filters.expire(by: instant(40)) { ended = $0.members.map { Int($0) } }
    #expect(ended == Array(90..<95))
    #expect(filters.isEmpty)
  }

  @Test("a slave that is taken out is told with each who refused it, and may be refused anew")
  func takesOut() {
    var filters = RunFilters()
    filters.add(slaves[0..<50], client: 0, expiry: instant(20), tick: instant(20))
    filters.add(slaves[0..<50], client: 1, expiry: instant(30), tick: instant(30))
    var told: [Int64] = []
    filters.takeOut(SlaveIndex(7)) { client, expiry, _ in
      told += [Int64(client), expiry.nanoseconds]
    }
    #expect(told == [0, 20, 1, 30])
    #expect(filters.count(client: 0) == 49)
    filters.add(slaves[7..<8], client: 0, expiry: instant(60), tick: instant(60))
    var ended: [Int] = []
    filters.expire(by: instant(20)) { ended = $0.members.map { Int($0) } }
    #expect(ended == Array(0..<7) + Array(8..<50))
    #expect(filters.refuses(client: 0, slave: SlaveIndex(7), at: now, isTick: false))
    #expect(!filters.refuses(client: 1, slave: SlaveIndex(7), at: now, isTick: false))
    #expect(filters.remove(client: 0, slave: SlaveIndex(7))?.tick == instant(60))
    #expect(filters.nextTick == instant(30))
  }
}
