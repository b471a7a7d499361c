// Part of mesosim. Apache-2.0, see LICENSE.
//
// Goal: whatever happens to a slave in whatever order, it does not trap, tells the end of every
// task that it was in time to learn of, and keeps nothing in the end.
// Method: random orders and faults from a seed, then peace, then a look at what is left.

import Mesos
import SimulationKernel
import Testing
import VirtualTime

@testable import MesosCluster

@Suite("A slave in chaos")
struct SlaveChaosTests {
  private static let rules = CommandRules(
    commands: [
      CommandRule(
        "deaf *", length: .endless, usage: CommandUsage(cpus: 3), onTerminate: .ignored),
      CommandRule(
        "leak", length: .endless,
        usage: CommandUsage(mem: .init(from: 10, to: 500, over: .seconds(60)))),
    ],
    files: [FetchRule("slow", megabytes: 100, megabytesPerSecond: 10)])

  private struct Chaos {
    let rig: SlaveRig
    let random: RandomStream
    var launched = 0

    mutating func step() {
      let task = "t\(random.integer(below: launched + 1))"
      switch random.integer(below: 20) {
      case 0...3: launchCommand()
      case 4...6: launchOnExecutor()
      case 7: launchGroup()
      case 8, 9: rig.kill(task)
      case 10: rig.tell(.shutdownExecutor(0, ExecutorID("e\(random.integer(below: 3))")))
      case 11: rig.host.killExecutor(ExecutorKey(framework: 0, executor: ExecutorID(task)))
      case 12: rig.host.killExecutor(ExecutorKey(framework: 0, executor: "e1"))
      case 13: rig.host.crashProcess()
      case 14: rig.host.pause()
      case 15: rig.host.resume()
      case 16: rig.isListening.toggle()
      case 17: rig.isAcknowledging.toggle()
      case 18: rig.host.detect(random.integer(below: 3) == 0 ? nil : 0)
      default: if random.integer(below: 6) == 0 { rig.host.crashMachine() }
      }
      if !rig.host.isUp, random.integer(below: 2) == 0 { recover() }
    }

    func recover() {
      rig.host.start()
      rig.host.detect(0)
    }

    private mutating func launchCommand() {
      launched += 1
      let commands = ["sleep 3", "sleep 20; exit 1", "deaf post", "leak", "unknown"]
      let command = commands[random.integer(below: commands.count)]
      let isSlow = random.integer(below: 4) == 0
      rig.launch("t\(launched)", command) {
        if isSlow { $0.command?.uris = [CommandInfo.URI("slow", isCached: true)] }
      }
    }

    private mutating func launchOnExecutor() {
      launched += 1
      let name = ExecutorID("e\(random.integer(below: 3))")
      let info = ExecutorInfo(
        name, command: CommandInfo("./e"), resources: Resources(cpus: 0.1, mem: 32))
      let isThere = rig.host.executors.contains(ExecutorKey(framework: 0, executor: name))
      // Now and then the master is mistaken.
      let isNew = random.integer(below: 10) == 0 ? isThere : !isThere
      rig.launch("t\(launched)", executor: info, isNew: isNew)
    }

    private mutating func launchGroup() {
      launched += 2
      let info = ExecutorInfo(
        ExecutorID("g\(launched)"), kind: .default, command: nil,
        resources: Resources(cpus: 0.1, mem: 32))
      rig.launchGroup([("t\(launched - 1)", "sleep 5"), ("t\(launched)", "sleep 9; exit 1")], info)
    }
  }

  @Test("it survives, and nothing is left", arguments: 0..<100)
  func survives(seed: Int) {
    var settings = SlaveSettings()
    settings.isolation = seed % 3 == 0 ? .none : .cgroups
    settings.keepsIDAfterReboot = seed % 4 == 0
    settings.reportsStarting = seed % 5 == 0
    let rig = SlaveRig(
      settings: settings, rules: Self.rules, isKept: seed % 2 == 0,
      capabilities: [.taskKillingState])
    for name in ["e0", "e1", "e2"] {
      rig.executors[ExecutorID(name)] = { [unowned rig] in NotingExecutor(rig, $0) }
    }
    var chaos = Chaos(rig: rig, random: Seeds(UInt64(seed)).stream("chaos"))
    var seconds = 0.0
    for _ in 0..<150 {
      chaos.step()
      seconds += chaos.random.uniform() * 4
      rig.run(until: seconds)
    }
    rig.isListening = true
    rig.isAcknowledging = true
    rig.host.resume()
    chaos.recover()
    rig.run(until: seconds + 2000)
    #expect(rig.host.tasks.allSatisfy { $0.unacknowledged.isEmpty && !$0.state.isTerminal })
    rig.tell(.shutdownFramework(0))
    rig.run(until: seconds + 2100)
    #expect(rig.host.tasks.isEmpty, "\(rig.host.tasks)")
    #expect(rig.host.executors.isEmpty)
    #expect(rig.host.resourcesInUse.isEmpty)
    #expect(rig.host.containers.liveNumbers.isEmpty)
    #expect(rig.host.containers.demand == 0)
    #expect(rig.host.slave.updates.count == 0)
  }
}
