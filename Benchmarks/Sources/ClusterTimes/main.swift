// Part of mesosim. Apache-2.0, see LICENSE.
//
// Whole clusters: what a task's life costs through master, slave and driver, what live tasks take
// of memory, and what a day of 50,000 slaves costs on which nothing happens; exits 1 when something
// is past its limit. Times are processor time of this process; their limits are in parts of the
// time in which it sorts ten million numbers, which makes machines comparable. The life of a task
// has its limit where some thousands live at a time; that of 200,000 who are launched at one
// instant, each of whose steps waits for main memory, is shown beside it.
//
//     swift run -c release ClusterTimes             # all
//     swift run -c release ClusterTimes live 10000  # so many live tasks only
//     swift run -c release ClusterTimes life        # a task's life only
//     swift run -c release ClusterTimes life 50     # with so many slaves, as for a profiler
//     swift run -c release ClusterTimes idle        # the idle day only

import Glibc
import Mesos
import MesosAllocation
import MesosCluster
import ProcessMeter
import SimulationKernel
import VirtualTime

/// Launches as many tasks as fit into each offer until there are enough, then suppresses offers.
final class Filler: Scheduler {
  private let shape = Resources(cpus: 0.1, mem: 64)
  private let command: CommandInfo
  private let wanted: Int
  private var launched = 0
  private(set) var running = 0
  private(set) var finished = 0

  init(tasks: Int, sleeping length: Int) {
    wanted = tasks
    command = CommandInfo("sleep \(length)")
  }

  func registered(
    _ driver: any SchedulerDriver, frameworkID: FrameworkID, masterInfo: MasterInfo
  ) {
    if wanted == 0 { driver.suppressOffers() }
  }

  func resourceOffers(_ driver: any SchedulerDriver, offers: Offers) {
    for offer in offers {
      var rest = offer.resources
      var tasks: [TaskInfo] = []
      while launched < wanted, rest.contains(shape) {
        rest -= shape
        tasks.append(
          TaskInfo(
            name: "t", taskID: TaskID("t\(launched)"), slaveID: offer.slaveID, resources: shape,
            command: command))
        launched += 1
      }
      driver.launchTasks([offer.id], tasks, filters: Filters(refuseSeconds: 3600))
    }
    if launched == wanted { driver.suppressOffers() }
  }

  func statusUpdate(_ driver: any SchedulerDriver, status: TaskStatus) {
    if status.state == .running { running += 1 }
    if status.state == .finished { finished += 1 }
  }
}

struct Load {
  let simulation = Simulation(seed: 1)
  let cluster: Cluster
  let fillers: [Filler]

  init(slaves: Int, frameworks: Int, tasks: Int, sleeping length: Int) throws {
    let fillers = (0..<frameworks).map { _ in Filler(tasks: tasks, sleeping: length) }
    self.fillers = fillers
    let setup = ClusterSetup(
      slaves: (0..<slaves).map {
        SlaveInfo(hostname: "n\($0)", resources: Resources(cpus: 8, mem: 16_384))
      },
      frameworks: fillers.enumerated().map { index, filler in
        ClusterSetup.Framework(info: FrameworkInfo(name: "f\(index)")) { _ in filler }
      },
      network: Network(
        latency: try Distribution(.exponential(mean: 0.0015), minimum: 0.0005),
        key: simulation.seeds.key("network")))
    cluster = Cluster(
      setup, allocator: try AllocatorRegistry().make("drf"), on: simulation)
  }

  func run(until seconds: Int) {
    cluster.start()
    simulation.run(until: .start + .seconds(seconds))
  }
}

/// Prints a figure; says whether it is within its limit, if it has one.
func report(_ what: String, _ value: Double, _ unit: String, limit: Double?) -> Bool {
  guard let limit else {
    print("     \(what): \(value) \(unit), without a limit")
    return true
  }
  let isMet = value <= limit
  print("\(isMet ? "ok  " : "FAIL") \(what): \(value) \(unit), at most \(limit)")
  return isMet
}

/// Prints a time in µs, and in millionths of a sort if it has a limit in these.
func report(_ what: String, seconds: Double, limit: Double?) -> Bool {
  let microseconds = rounded(seconds * 1e6)
  guard let limit else { return report(what, microseconds, "µs", limit: nil) }
  return report(
    "\(what): \(microseconds) µs", rounded(seconds * 1e6 / sortSeconds()), "millionths of a sort",
    limit: limit)
}

func rounded(_ value: Double) -> Double { (value * 100).rounded() / 100 }

var areMet = true
let words = Array(CommandLine.arguments.dropFirst())
func isWanted(_ part: String) -> Bool { words.isEmpty || words[0] == part }

// Memory first: a process keeps what it once took.
if isWanted("live") {
  let live = words.last.flatMap { Int($0) } ?? 1_000_000
  let before = residentBytes()
  let load = try Load(slaves: 12_500, frameworks: 1, tasks: live, sleeping: 86_400)
  load.run(until: 600)
  let bytes = Double(residentBytes() - before)
  precondition(load.fillers[0].running == live, "\(load.fillers[0].running) of \(live) run")
  areMet =
    report(
      "\(live) live tasks on 12,500 slaves", rounded(bytes / 1e9), "GB",
      limit: rounded(1.5 * Double(live) / 1e6)) && areMet
}
if isWanted("life") {
  let lives = 200_000
  var loads = [(50, "4,000 at a time", 5.0 as Double?), (2_500, "all at once", nil)]
  if let slaves = words.last.flatMap({ Int($0) }), slaves > 0 {
    loads = [(slaves, "\(80 * slaves) at a time", nil)]
  }
  for (slaves, manner, limit) in loads {
    let load = try Load(slaves: slaves, frameworks: 1, tasks: lives, sleeping: 60)
    let time = seconds { load.run(until: max(6_000, 100 * lives / (80 * slaves))) }
    precondition(load.fillers[0].finished == lives, "\(load.fillers[0].finished) finished")
    areMet =
      report(
        "one task's life, launch to acknowledged finish, \(manner)",
        seconds: time / Double(lives), limit: limit) && areMet
  }
}
if isWanted("idle") {
  let idle = try Load(slaves: 50_000, frameworks: 4, tasks: 0, sleeping: 0)
  let day = seconds { idle.run(until: 86_400) }
  areMet =
    report(
      "a day of 50,000 slaves and 4 suppressed frameworks", seconds: day, limit: 2e6) && areMet
}
exit(areMet ? 0 : 1)
