// Part of mesosim. Apache-2.0, see LICENSE.
//
// Commands in containers: their ends, their files, what they use, and their checks.

import Mesos
import SimulationKernel
import Testing
import VirtualTime

@testable import MesosCluster

@Suite("Containers")
struct ContainerTests {
  @Test("a command runs its time and is finished")
  func sleep() {
    let rig = SlaveRig()
    rig.launch("t", "sleep 2.5")
    rig.run(until: 10)
    #expect(
      rig.takeNotes() == [
        "0.0 t TASK_RUNNING", "2.5 t TASK_FINISHED: Command exited with status 0",
      ]
    )
    #expect(rig.host.tasks.isEmpty)
  }

  @Test("a command that exits with another status than 0 has failed")
  func exitCode() {
    let rig = SlaveRig()
    rig.launch("t", "sleep 2; exit 3")
    rig.run(until: 10)
    #expect(rig.takeNotes().last == "2.0 t TASK_FAILED: Command exited with status 3")
  }

  @Test("a command that nobody knows fails and says what to write")
  func unknownCommand() {
    let rig = SlaveRig()
    rig.launch("t", "make all")
    rig.run(until: 1)
    #expect(
      rig.takeNotes() == [
        "0.0 t TASK_FAILED: command 'make all' has no simulated duration; use 'sleep SECONDS'"
      ])
  }

  @Test("the first rule that matches says what a command does")
  func rules() throws {
    let rules = CommandRules(commands: [
      CommandRule("./serve *", length: .endless),
      CommandRule("./job ?", length: .drawn(try Distribution(.constant(4))), exitCode: 2),
      CommandRule("*", length: .own),
    ])
    let rig = SlaveRig(rules: rules)
    rig.launch("a", "./serve --port 1")
    rig.launch("b", "./job 7")
    rig.launch("c", "sleep 1")
    rig.launch("d", "./job 12")
    rig.run(until: 1000)
    #expect(
      rig.takeNotes().dropFirst(3) == [
        "0.0 d TASK_FAILED: command './job 12' has no simulated duration; use 'sleep SECONDS'",
        "1.0 c TASK_FINISHED: Command exited with status 0",
        "4.0 b TASK_FAILED: Command exited with status 2",
      ])
  }

  @Test("what is drawn belongs to the task, not to the moment", arguments: [0.0, 7.0])
  func draws(start: Double) throws {
    let rule = CommandRule("j", length: .drawn(try Distribution(.exponential(mean: 10))))
    let rig = SlaveRig(rules: CommandRules(commands: [rule]))
    rig.run(until: start)
    if start > 0 { rig.launch("other", "j") }
    rig.launch("t", "j")
    rig.run(until: 1000)
    let end = rig.takeNotes().first { $0.contains("t TASK_FINISHED") }
    let seconds = end.flatMap { Double($0.prefix { $0 != " " }) } ?? 0
    #expect(abs(seconds - start - 1.888) < 0.002)
  }

  // MARK: Kill

  @Test("a kill ends a command at once, unless it takes its time or ignores SIGTERM")
  func killEscalation() {
    let rules = CommandRules(commands: [
      CommandRule("slow", length: .endless, onTerminate: .ends(after: .seconds(2))),
      CommandRule("deaf", length: .endless, onTerminate: .ignored),
    ])
    let rig = SlaveRig(rules: rules)
    rig.launch("plain", "sleep 100")
    rig.launch("slow", "slow")
    rig.launch("deaf", "deaf")
    rig.launch("patient", "deaf") { $0.killPolicy = KillPolicy(gracePeriod: .seconds(20)) }
    rig.run(until: 1)
    _ = rig.takeNotes()
    for id in ["plain", "slow", "deaf", "patient"] { rig.kill(id) }
    rig.run(until: 100)
    #expect(
      rig.takeNotes() == [
        "1.0 plain TASK_KILLED: Command terminated with signal Terminated",
        "3.0 slow TASK_KILLED: Command terminated with signal Terminated",
        "4.0 deaf TASK_KILLED: Command terminated with signal Killed",
        "21.0 patient TASK_KILLED: Command terminated with signal Killed",
      ])
  }

  @Test("a framework that knows TASK_KILLING is told; a shutdown shortens the grace period")
  func killing() {
    let rules = CommandRules(commands: [
      CommandRule("deaf", length: .endless, onTerminate: .ignored)
    ])
    let rig = SlaveRig(rules: rules, capabilities: [.taskKillingState])
    rig.launch("t", "deaf") { $0.killPolicy = KillPolicy(gracePeriod: .seconds(20)) }
    rig.kill("t")
    rig.run(until: 1)
    rig.tell(.shutdownExecutor(0, "t"))
    rig.run(until: 100)
    #expect(
      rig.takeNotes() == [
        "0.0 t TASK_RUNNING", "0.0 t TASK_KILLING",
        "3.0 t TASK_KILLED: Command terminated with signal Killed",
      ])
  }

  @Test("a command that is too long fails without grace")
  func maxCompletionTime() {
    let rig = SlaveRig()
    rig.launch("t", "sleep 100") { $0.maxCompletionTime = .seconds(7) }
    rig.run(until: 100)
    #expect(
      rig.takeNotes().last
        == "7.0 t TASK_FAILED maxCompletionTimeReached: "
        + "Command exceeded its maximum completion time")
  }

  // MARK: Files and images

  private static let fetching = CommandRules(
    files: [
      FetchRule("http://*/broken", megabytes: 10, megabytesPerSecond: 10, failure: "404"),
      FetchRule("http://*", megabytes: 100, megabytesPerSecond: 10),
    ],
    images: [FetchRule("redis*", megabytes: 500, megabytesPerSecond: 100)])

  private func fetch(_ uri: String, isCached: Bool = false) -> (inout TaskInfo) -> Void {
    return {
      $0.command = CommandInfo("sleep 1", uris: [CommandInfo.URI(uri, isCached: isCached)])
    }
  }

  @Test("files are fetched before the command starts; what was fetched is not fetched again")
  func fetching() {
    let rig = SlaveRig(rules: Self.fetching)
    rig.launch("a", changing: fetch("http://x/a"))
    rig.launch("b", changing: fetch("http://x/b", isCached: true))
    rig.run(until: 4)
    rig.launch("waits", changing: fetch("http://x/b", isCached: true))
    rig.launch("broken", changing: fetch("http://x/broken"))
    rig.run(until: 20)
    rig.launch("cached", changing: fetch("http://x/b", isCached: true))
    rig.run(until: 30)
    #expect(
      rig.takeNotes().filter { !$0.contains("FINISHED") } == [
        "5.0 broken TASK_FAILED containerLaunchFailed: Failed to fetch 'http://x/broken': 404",
        "10.0 a TASK_RUNNING", "10.0 b TASK_RUNNING", "10.0 waits TASK_RUNNING",
        "20.0 cached TASK_RUNNING",
      ])
  }

  @Test("an image is pulled once, unless the pull is forced; ports must be the task's")
  func images() {
    let rig = SlaveRig(rules: Self.fetching)
    let image = ContainerInfo.docker("redis:7")
    rig.launch("first") { $0.container = image }
    rig.run(until: 20)
    rig.launch("second") { $0.container = image }
    rig.launch("forced") {
      $0.container = image
      $0.container?.docker?.forcesPull = true
    }
    rig.launch("ports") {
      $0.container = ContainerInfo.docker("redis:7", network: .bridge)
      $0.container?.docker?.portMappings = [.init(hostPort: 80, containerPort: 80)]
    }
    rig.run(until: 27)
    #expect(
      rig.takeNotes() == [
        "5.0 first TASK_RUNNING", "15.0 first TASK_FINISHED: Command exited with status 0",
        "20.0 second TASK_RUNNING",
        "20.0 ports TASK_FAILED containerLaunchFailed: "
          + "Port 80 is mapped but not among the task's ports",
        "25.0 forced TASK_RUNNING",
      ])
  }

  @Test("the cache forgets what was used least recently")
  func cache() {
    var cache = FileCache()
    let later = Instant.start + .seconds(1)
    cache.keep("a", isImage: false, size: 6, arrival: .start, limit: 10, at: .start)
    cache.keep("b", isImage: false, size: 4, arrival: .start, limit: 10, at: .start)
    #expect(cache.arrival(of: "a", isImage: false, at: later) == .start)
    cache.keep("c", isImage: false, size: 3, arrival: .start, limit: 10, at: later)
    #expect(cache.arrival(of: "b", isImage: false, at: later) == nil)
    #expect(cache.arrival(of: "a", isImage: false, at: later) == .start)
    cache.keep("huge", isImage: false, size: 11, arrival: .start, limit: 10, at: later)
    #expect(cache.arrival(of: "huge", isImage: false, at: later) == nil)
  }

  // MARK: Isolation

  @Test("busy commands share the cpus by their shares and take longer")
  func contention() throws {
    // Two tasks of 1 cpu that would use 4 each, on 4 cpus: each gets 2 and goes at half speed.
    let busy = CommandRule(
      "busy", length: .drawn(try Distribution(.constant(10))), usage: CommandUsage(cpus: 4))
    let rig = SlaveRig(rules: CommandRules(commands: [busy]))
    rig.launch("a", "busy")
    rig.launch("b", "busy")
    rig.run(until: 5)
    rig.kill("b")
    rig.run(until: 100)
    // 5 s at half speed, the remaining 7.5 s at full speed.
    #expect(rig.takeNotes().last == "12.5 a TASK_FINISHED: Command exited with status 0")
  }

  @Test("without isolation all lack the same part")
  func evenContention() throws {
    var settings = SlaveSettings()
    settings.isolation = .none
    let busy = CommandRule(
      "busy", length: .drawn(try Distribution(.constant(10))), usage: CommandUsage(cpus: 7))
    let rig = SlaveRig(settings: settings, rules: CommandRules(commands: [busy]))
    rig.launch("a", "busy")
    rig.launch("b", "sleep 10")
    rig.run(until: 100)
    // 8 cpus are wanted and 4 are there.
    #expect(
      rig.takeNotes().suffix(2) == [
        "20.0 a TASK_FINISHED: Command exited with status 0",
        "20.0 b TASK_FINISHED: Command exited with status 0",
      ])
  }

  @Test("a container that goes past its memory is killed when it does")
  func memoryLimit() {
    let usage = CommandUsage(mem: .init(from: 32, to: 1032, over: .seconds(1000)))
    let leak = CommandRule("leak", length: .endless, usage: usage)
    let rig = SlaveRig(rules: CommandRules(commands: [leak]))
    rig.launch("t", "leak", mem: 100)
    rig.run(until: 1000)
    // 1 MB a second, from 32 to beyond 132 with the executor's 32.
    #expect(
      rig.takeNotes().last
        == "100.001 t TASK_FAILED containerLimitationMemory: "
        + "Memory limit exceeded: Requested: 132MB Maximum Used: 132MB")
  }

  @Test(
    "disk is looked at every 15 s, and only where the quota is enforced", arguments: [true, false])
  func diskQuota(isEnforced: Bool) {
    var settings = SlaveSettings()
    settings.enforcesDiskQuota = isEnforced
    let usage = CommandUsage(disk: .init(from: 0, to: 100, over: .seconds(100)))
    let rule = CommandRule("write", length: .endless, usage: usage)
    let rig = SlaveRig(settings: settings, rules: CommandRules(commands: [rule]))
    rig.launch("t", "write") { $0.resources += Resources(disk: 20) }
    rig.run(until: 1000)
    #expect(
      rig.takeNotes().last
        == (isEnforced
          ? "30.0 t TASK_FAILED containerLimitationDisk: Disk usage (30MB) exceeds quota (20MB)"
          : "0.0 t TASK_RUNNING"))
  }

  @Test("without isolation the machine's memory runs out, and who uses too much goes first")
  func machineMemory() {
    var settings = SlaveSettings()
    settings.isolation = .none
    let usage = CommandUsage(mem: .init(from: 0, to: 1000, over: .seconds(100)))
    let leak = CommandRule("leak", length: .endless, usage: usage)
    let rig = SlaveRig(
      Resources(cpus: 4, mem: 600), settings: settings, rules: CommandRules(commands: [leak]))
    rig.launch("modest", "sleep 1000", mem: 300)
    rig.launch("t", "leak", mem: 100)
    rig.run(until: 900)
    #expect(
      rig.takeNotes().last == "30.0 t TASK_FAILED: Command terminated with signal Killed")
  }

  @Test("what is not used is lent, and taken back from those who borrowed it")
  func oversubscription() {
    var settings = SlaveSettings()
    settings.oversubscriptionInterval = .seconds(15)
    settings.commandOverheadMegabytes = 0
    let idle = CommandRule(
      "idle", length: .endless, usage: CommandUsage(cpus: 1, mem: .constant(100)))
    let rig = SlaveRig(settings: settings, rules: CommandRules(commands: [idle]))
    rig.launch("t", "idle", cpus: 3, mem: 1100)
    rig.run(until: 20)
    rig.launch("guest", "sleep 1000") {
      $0.resources = Resources(
        [Resource("cpus", .scalar(Scalar(thousandths: 2000)), isRevocable: true)])
    }
    rig.run(until: 40)
    rig.kill("t")
    rig.run(until: 100)
    #expect(
      rig.takeNotes() == [
        "0.0 t TASK_RUNNING", "15.0 slack cpus{REV}:2; mem{REV}:1000",
        "20.0 guest TASK_RUNNING",
        "40.0 t TASK_KILLED: Command terminated with signal Terminated",
        "45.0 slack {}", "45.0 guest TASK_LOST containerPreempted: Container preempted",
      ])
  }
}
