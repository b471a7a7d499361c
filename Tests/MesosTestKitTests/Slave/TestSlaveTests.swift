// Part of mesosim. Apache-2.0, see LICENSE.

import MesosTestKit
import Testing

@Suite("A slave in the hands of a test")
struct TestSlaveTests {
  @Test("inputs in, actions out")
  func values() throws {
    let slave = TestSlave()
    slave.tell(.start)
    let first = slave.tell(.leaderDetected(0)) + slave.advance(by: .seconds(2))
    #expect(first.first?.transcriptText == "to master 0: register host-0 cpus:4; mem:4096")
    slave.tell(.master(0, .registered("m1-S0")))
    #expect(slave.id == "m1-S0")
    let started = try slave.execute("run 0 t1")
    #expect(started == ["start command 0: 0/t1"])
    let told = slave.tell(.container(0, .command(CommandReport(.running))))
    guard case .toMaster(0, .statusUpdate(_, let status, latest: .running))? = told.first else {
      Issue.record("\(told)")
      return
    }
    #expect(status.taskID == "t1")
    // Nobody acknowledges: it is said again after ten seconds.
    #expect(slave.advance(by: .seconds(11)).count == 1)
  }

  @Test(
    "a line that is no command says where, what and what to do",
    arguments: [
      "run", "run x t", "leader", "container", "container 1", "executor 0 update t dancing",
      "reregistered m1-S0 x", "at", "from", "", "acknowledge 0 t",
    ])
  func notUnderstood(line: String) throws {
    let error = try #require(throws: CommandError.self) { try TestSlave().execute(line) }
    #expect(error.description.hasPrefix("'\(line)': '"))
  }
}
