// Part of mesosim. Apache-2.0, see LICENSE.
//
// The tables and queues that masters and clusters are made of.

import Mesos
import Testing
import VirtualTime

@testable import MesosCluster

@Suite("Task table")
struct TaskTableTests {
  private func task(_ id: TaskID, number: TaskNumber) -> TaskRecord {
    TaskRecord(
      framework: 0, slave: 0, id: id, role: "*", resources: Resources(cpus: 1), executor: nil,
      number: number, state: .staging)
  }

  @Test("tasks stand in the order of their launches, whichever are taken out between")
  func order() {
    var table = TaskTable()
    var (slave, framework) = (SlotList(), SlotList())
    var slots: [Int32] = []
    for number in 0..<5 {
      slots.append(
        table.add(
          task(TaskID("t\(number)"), number: TaskNumber(number)), onSlave: &slave,
          ofFramework: &framework))
    }
    for victim in [2, 0, 4] {
      table.remove(slots[victim], onSlave: &slave, ofFramework: &framework)
    }
    #expect(table.slots(onSlave: slave).map { table[$0].id } == ["t1", "t3"])
    #expect(table.slots(ofFramework: framework).map { table[$0].id } == ["t1", "t3"])
    #expect(table.count == 2)
    // A slot that is used again stands at the end.
    _ = table.add(task("t9", number: 9), onSlave: &slave, ofFramework: &framework)
    #expect(table.slots(onSlave: slave).map { table[$0].id } == ["t1", "t3", "t9"])
    #expect(table.id(ofNumber: 9, onSlave: slave) == "t9")
    #expect(table.id(ofNumber: 2, onSlave: slave) == nil)
    #expect(table.numbers.sorted() == [1, 3, 9])
    // Found by id, and only as the framework's own.
    #expect(table.find("t3", of: 0) == slots[3])
    #expect(table.find("t0", of: 0) == nil)
    #expect(table.find("t3", of: 1) == nil)
  }

  @Test("the last one taken out leaves empty lists")
  func empty() {
    var table = TaskTable()
    var (slave, framework) = (SlotList(), SlotList())
    let slot = table.add(task("t", number: 0), onSlave: &slave, ofFramework: &framework)
    table.remove(slot, onSlave: &slave, ofFramework: &framework)
    #expect(slave.isEmpty)
    #expect(framework.isEmpty)
    #expect(table.count == 0)
  }

  @Test("filled again after it was empty, lists and ids are right")
  func refilled() {
    var table = TaskTable()
    for round in 0..<3 {
      var (slave, framework) = (SlotList(), SlotList())
      let numbers = (0..<20).map { TaskNumber(100 * round + $0) }
      let slots = numbers.map {
        table.add(task(TaskID("t\($0)"), number: $0), onSlave: &slave, ofFramework: &framework)
      }
      #expect(table.slots(onSlave: slave) == slots)
      #expect(table.slots(ofFramework: framework).map { table[$0].number } == numbers)
      #expect(numbers.map { table.find(TaskID("t\($0)"), of: 0) } == slots)
      for slot in slots.reversed() {
        table.remove(slot, onSlave: &slave, ofFramework: &framework)
      }
      #expect(slave.isEmpty && framework.isEmpty && table.numbers.isEmpty)
    }
  }
}

@Suite("Map by task ids")
struct TaskMapTests {
  @Test("agrees with a dictionary, whatever is put in and taken out")
  func likeADictionary() {
    var map = TaskMap<Int>()
    var plain: [TaskID: Int] = [:]
    var state: UInt64 = 7
    for step in 0..<5000 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      // Short ids and ids that do not fit into a string's own words.
      let number = Int(state >> 33) % 40
      let id = TaskID(number % 2 == 0 ? "t\(number)" : "a task with a long name \(number)")
      if (state >> 20) % 2 == 0 {
        map.insert(step, for: id)
        plain[id] = step
      } else {
        #expect(map.remove(id) == plain.removeValue(forKey: id))
      }
    }
    for number in 0..<40 {
      let id = TaskID(number % 2 == 0 ? "t\(number)" : "a task with a long name \(number)")
      #expect(map.remove(id) == plain[id])
    }
  }
}

@Suite("Room of tables")
struct TableRoomTests {
  @Test("slots of a crowd are kept for the next crowd, and freed once only a few came")
  func slotTable() {
    var table = SlotTable<Int>()
    func crowd(of count: Int) {
      let slots = (0..<count).map { table.insert($0) }
      for slot in slots { table.remove(slot) }
    }
    crowd(of: 100)
    let room = table.capacity
    #expect(room >= 100)
    crowd(of: 90)
    #expect(table.capacity == room, "nothing was allocated anew")
    crowd(of: 2)
    #expect(table.capacity == 0)
    crowd(of: 2)
    #expect(table.capacity == 4, "what is small is kept")
    let areUsed = [-1, 0].map { table.isUsed($0) }
    #expect(areUsed == [false, false])
  }

  @Test("deadlines of a crowd are kept room for likewise")
  func deadlines() {
    var deadlines = SlaveDeadlines()
    func crowd(of count: Int) {
      for number in 0..<count {
        deadlines.appendInOrder(
          SlaveDeadlines.Entry(
            instant: Instant(nanoseconds: Int64(number)), slot: 0, serial: 0, kind: .retry))
      }
      for _ in 0..<count { deadlines.removeFirst() }
    }
    crowd(of: 100)
    #expect(deadlines.room == 100)
    crowd(of: 90)
    #expect(deadlines.room == 100)
    crowd(of: 1)
    #expect(deadlines.room == 0)
    for _ in 0..<100 { crowd(of: 1) }
    #expect(deadlines.room == 1, "counted at once, not in all")
    crowd(of: 100)
    deadlines.removeAll()
    #expect(deadlines.room == 0)
  }

  @Test("a task's record fills two cache lines")
  func record() {
    #expect(MemoryLayout<TaskRecord>.stride == 128)
  }
}

@Suite("MessagePool")
struct MessagePoolTests {
  private final class Message {}

  @Test("what was put in comes out once, with its header, and is then gone")
  func inAndOut() {
    weak var gone: Message?
    var pool = MessagePool<Int, Message>()
    do {
      let message = Message()
      gone = message
      let slot = pool.put(message, 7)
      #expect(pool.note(of: slot) == 7)
      #expect(pool[slot] === message)
      #expect(pool.take(slot) === message)
      #expect(pool.put(Message(), 8) == slot, "slots are used again")
    }
    #expect(gone == nil)
  }

  @Test("many messages lie side by side, and those left go with the pool")
  func many() {
    weak var left: Message?
    do {
      var pool = MessagePool<Int, Message>()
      let messages = (0..<100).map { _ in Message() }
      let slots = messages.indices.map { pool.put(messages[$0], $0) }
      for place in stride(from: 0, to: 98, by: 3) {
        #expect(pool.note(of: slots[place]) == place)
        #expect(pool.take(slots[place]) === messages[place])
      }
      left = messages[1]
    }
    #expect(left == nil)
  }

  @Test("a message of any kind shares a cache line with its header")
  func oneLine() {
    #expect(MessagePool<MessageHeader, WireMessage>.stride == 64)
  }
}

@Suite("Offer table")
struct OfferTableTests {
  private func offer(_ number: Int, on slave: SlaveIndex) -> OpenOffer {
    OpenOffer(
      number: number, framework: FrameworkIndex(number % 2), slave: slave, role: "*",
      resources: Resources(cpus: Double(number)))
  }

  @Test("offers are found by number, by slave and by what they are, oldest first")
  func lookUp() {
    var table = OfferTable()
    var slaves = [SlaveRecord(), SlaveRecord()]
    for number in 0..<6 {
      table.add(offer(number, on: SlaveIndex(number / 3)), to: &slaves[number / 3].openOffers)
    }
    #expect(table.remove(1, from: &slaves)?.resources == Resources(cpus: 1))
    #expect(table.remove(1, from: &slaves) == nil)
    #expect(table.numbers(onSlave: slaves[0].openOffers) == [0, 2])
    #expect(table.numbers { $0.framework == 1 } == [3, 5])
    #expect(table.framework(of: 2) == 0)
    #expect(table.framework(of: 1) == nil)
    table.add(offer(7, on: 0), to: &slaves[0].openOffers)
    #expect(table.numbers(onSlave: slaves[0].openOffers) == [0, 2, 7])
  }

  @Test("timeouts come in order, and answered offers have none")
  func timeouts() {
    var table = OfferTable()
    var slaves = [SlaveRecord()]
    for number in 0..<3 {
      table.add(offer(number, on: 0), to: &slaves[0].openOffers)
      table.setTimeout(of: number, at: .start + .seconds(number))
    }
    _ = table.remove(0, from: &slaves)
    table.dropAnsweredTimeouts()
    #expect(table.nextTimeout == .start + .seconds(1))
    #expect(table.popTimedOut(at: .start) == nil)
    #expect(table.popTimedOut(at: .start + .seconds(5)) == 1)
    _ = table.remove(2, from: &slaves)
    #expect(table.popTimedOut(at: .start + .seconds(5)) == nil)
    #expect(table.nextTimeout == nil)
  }
}

@Suite("Master timers")
struct MasterTimersTests {
  private func instant(_ seconds: Int) -> Instant { .start + .seconds(seconds) }

  @Test("a subject has one time: the last that was set")
  func replace() {
    var timers = MasterTimers()
    timers.set(.ping(1), at: instant(5))
    timers.set(.ping(1), at: instant(9))
    timers.set(.failover(1), at: instant(7))
    #expect(timers.popDue(at: instant(6)) == nil)
    #expect(timers.next == instant(7))
    #expect(timers.popDue(at: instant(7)) == .failover(1))
    #expect(timers.popDue(at: instant(8)) == nil)
    #expect(timers.popDue(at: instant(9)) == .ping(1))
    #expect(timers.next == nil)
  }

  @Test("an earlier time replaces a later one, too")
  func earlier() {
    var timers = MasterTimers()
    timers.set(.reregistration(0), at: instant(9))
    timers.set(.reregistration(0), at: instant(2))
    #expect(timers.popDue(at: instant(3)) == .reregistration(0))
    #expect(timers.popDue(at: instant(10)) == nil)
  }

  @Test("what is cancelled does not come; of the same instant the first set comes first")
  func cancel() {
    var timers = MasterTimers()
    for slave in 0..<4 { timers.set(.removal(SlaveIndex(slave)), at: instant(1)) }
    timers.cancel(.removal(0))
    timers.cancel(.removal(2))
    timers.cancel(.removal(9))
    #expect(timers.next == instant(1))
    #expect(timers.popDue(at: instant(1)) == .removal(1))
    #expect(timers.popDue(at: instant(1)) == .removal(3))
    #expect(timers.popDue(at: instant(1)) == nil)
  }
}

@Suite("Election")
struct ElectionTests {
  private let now = Instant.start

  @Test("the oldest session leads; one that lost contact leads until it expires")
  func expiry() {
    var election = Election(masters: 3)
    #expect(election.leader?.master == 0)
    let expiry = election.loseContact(0, 0, at: now)
    #expect(expiry == now + .seconds(10))
    // Lost twice is known already.
    #expect(election.loseContact(0, 0, at: now + .seconds(5)) == nil)
    #expect(election.leader?.master == 0)
    #expect(election.expire(0, at: now + .seconds(9)).isEmpty)
    #expect(election.expire(0, at: now + .seconds(10)) == [0])
    #expect(election.leader?.master == 1)
    #expect(!election.hasSession(0, 0))
  }

  @Test("contact that comes back in time keeps the session")
  func regained() {
    var election = Election(masters: 2)
    _ = election.loseContact(0, 0, at: now)
    election.regainContact(0, 0)
    #expect(election.expire(0, at: now + .seconds(10)).isEmpty)
    #expect(election.leader?.master == 0)
  }

  @Test("a restarted master contends behind all others, its old session beside it")
  func contend() {
    var election = Election(masters: 2)
    _ = election.loseContact(0, 0, at: now)
    election.contend(0, 1)
    #expect(election.leader?.incarnation == 0)
    #expect(election.expire(0, at: now + .seconds(10)) == [0])
    #expect(election.sessions.map(\.master) == [1, 0])
    #expect(election.hasSession(0, 1))
    // None is left.
    _ = election.loseContact(1, 0, at: now)
    _ = election.loseContact(0, 1, at: now)
    _ = election.expire(1, at: now + .seconds(10))
    _ = election.expire(0, at: now + .seconds(10))
    #expect(election.leader == nil)
  }
}

@Suite("Fault field")
struct FaultFieldTests {
  private func side(
    masters: [MasterIndex] = [], slaves: [SlaveIndex] = [], hasZookeeper: Bool = false
  ) -> FaultField.Side {
    FaultField.Side(masters: masters, slaves: slaves, schedulers: [], hasZookeeper: hasZookeeper)
  }

  @Test("a cut blocks both ways, or one; mending it ends only that one")
  func cuts() {
    var field = FaultField()
    #expect(field.isWhole)
    let (master, first, second) = (
      Cluster.Party.master(0), Cluster.Party.slave(0), Cluster.Party.slave(1)
    )
    field.cut(1, sources: side(slaves: [0]), targets: side(masters: [0]), isOneWay: true)
    #expect(field.blocks(first, master))
    #expect(!field.blocks(master, first))
    field.cut(
      2, sources: side(slaves: [0, 1]), targets: side(masters: [0], hasZookeeper: true),
      isOneWay: false)
    #expect(field.blocks(master, first))
    #expect(field.blocks(.zookeeper, second))
    #expect(!field.blocks(first, second))
    #expect(!field.blocks(.scheduler(0), master))
    field.mend(2)
    #expect(field.blocks(first, master))
    #expect(!field.blocks(second, master))
    field.mend(1)
    field.mend(7)
    #expect(field.isWhole)
  }
}

@Suite("Patterns and parties")
struct PartiesTests {
  @Test(
    "a star stands for any text, also for none, a question mark for one character",
    arguments: [
      ("host-1", "host-1", true), ("host-1", "host-2", false), ("host-1", "host-", false),
      ("host-1", "*", true), ("", "*", true), ("", "", true), ("a", "", false),
      ("host-1", "host*", true), ("host-1", "*1", true), ("host-1", "*host-1*", true),
      ("host-1", "h*t*1", true), ("host-1", "h*x*1", false), ("aba", "ab*ba", false),
      ("abba", "ab*ba", true), ("abab", "*ab", true), ("aab", "*ab", true),
      ("host-11", "host-*1", true), ("f/e@h", "f/*@h", true), ("ab", "a**b", true),
      ("axbxc", "a*b*c", true), ("abc", "a*bc*c", false), ("müller", "m*r", true),
      ("host-1", "host-?", true), ("host-12", "host-?", false), ("", "?", false),
      ("müller", "m?ller", true), ("müller", "m?*r", true), ("a?", "a?", true),
    ])
  func matches(name: String, pattern: String, isMatch: Bool) {
    #expect(Glob.matches(name, pattern) == isMatch)
  }

  @Test("parties without any name are nobody")
  func nobody() {
    #expect(Parties().isEmpty)
    #expect(!Parties(zookeeper: true).isEmpty)
    #expect(!Parties(executors: ["x"]).isEmpty)
  }
}
