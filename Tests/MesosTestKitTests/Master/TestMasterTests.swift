// Part of mesosim. Apache-2.0, see LICENSE.

import MesosTestKit
import Testing

@Suite("A master in the hands of a test")
struct TestMasterTests {
  private static let resources = "cpus:4;mem:4096"

  private func task(_ id: TaskID, on slave: SlaveID) -> TaskInfo {
    TaskInfo(
      name: "t", taskID: id, slaveID: slave, resources: Resources(cpus: 1, mem: 64),
      command: CommandInfo("sleep 10"))
  }

  @Test("the test gives, the framework launches, and updates are counted")
  func values() throws {
    let master = TestMaster()
    let slave = try master.registerSlave(Self.resources)
    let web = master.subscribe(FrameworkInfo(name: "web"))
    #expect(master.id(of: slave) == "m1-S0")
    #expect(master.id(of: web) == "m1-0000")
    let offers = try master.give("cpus:2;mem:512", on: slave, to: web)
    #expect(offers.map(\.resources) == [Resources(cpus: 2, mem: 512)])
    #expect(master.offers == offers)
    let launch = try task("t1", on: #require(master.id(of: slave)))
    let actions = master.call(
      .acceptOffers([offers[0].id], [.launch([launch])], Filters()), from: web)
    guard case .toSlave(slave, .runTask(let sent))? = actions.last else {
      Issue.record("\(actions)")
      return
    }
    #expect(sent.task.taskID == "t1")
    #expect(master.offers.isEmpty)
    for state in [TaskState.starting, .running] { master.report("t1", state, of: web, on: slave) }
    #expect(master.updates.map(\.state) == [.starting, .running])
    #expect(master.updates.compactMap(\.uuid).map(\.number) == [1, 2])
  }

  @Test("with an allocator of its own it offers as time goes on")
  func realAllocator() throws {
    let master = TestMaster(HierarchicalAllocator())
    try master.registerSlave(Self.resources)
    let web = master.subscribe(FrameworkInfo(name: "web"))
    #expect(master.offers.isEmpty)
    master.advance(by: .seconds(1))
    let offer = try #require(master.offers.first)
    master.call(.declineOffers([offer.id], Filters(refuseSeconds: 5)), from: web)
    master.advance(by: .seconds(4))
    #expect(master.offers.isEmpty)
    master.advance(by: .seconds(3))
    #expect(master.offers.count == 1)
    #expect(throws: CommandError.self) { try master.give("cpus:1", on: 0, to: web) }
  }

  @Test("text and values are of one master, and `last` names what was made last")
  func last() throws {
    let master = TestMaster()
    _ = try master.execute("slave 0 registers cpus:4;mem:4096")
    _ = try master.execute("register 0")
    _ = try master.execute("give 0 0 cpus:1;mem:128")
    #expect(
      try master.execute("launch 0 last t1@last=cpus:1;mem:128").last == "to slave 0: run t1 of 0")
    let told = try master.execute("slave 0 reports 0 t1 TASK_RUNNING next")
    #expect(told.last == "to scheduler 0: t1 TASK_RUNNING from executor #1")
    #expect(
      try master.execute("acknowledge 0 0 t1 last") == ["to slave 0: acknowledge t1 of 0 #1"])
    _ = try master.execute("give 0 0 cpus:2;mem:128")
    #expect(try master.execute("decline 0 last").contains { $0.contains("declined") })
    #expect(master.offers.isEmpty)
    // The allocator by its name, and time by deadlines.
    _ = try master.execute("master allocator=drf")
    _ = try master.execute("slave 0 registers cpus:4;mem:4096")
    _ = try master.execute("register 0")
    #expect(try master.execute("until 1").contains { $0.hasPrefix("to scheduler 0: offers m1-O0") })
  }

  @Test(
    "a line that is no command says where, what and what to do",
    arguments: ["give 0", "dance 0", "slave", "at noon", "launch 0 last t", "operator quota"])
  func notUnderstood(line: String) throws {
    let error = try #require(throws: CommandError.self) { try TestMaster().execute(line) }
    #expect(error.description.hasPrefix("'\(line)': '"))
  }
}
