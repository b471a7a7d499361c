// Part of mesosim. Apache-2.0, see LICENSE.
//
// Random messages for a master with Mesos's own allocator, and the simplest books that can be kept
// beside it: who holds what, by the facts it states, and by what its slaves were told to run.

import Mesos
import MesosAllocation
import MesosTestKit
import VirtualTime

@testable import MesosCluster

/// Numbers that look random.
struct Dice {
  private var generator: SplitMix64

  init(_ seed: UInt64) { generator = SplitMix64(seed: seed) }

  mutating func roll(_ bound: Int) -> Int { Int(generator.next() % UInt64(bound)) }

  mutating func isLucky(oneIn bound: Int) -> Bool { roll(bound) == 0 }

  mutating func pick<Element>(_ elements: [Element]) -> Element? {
    elements.isEmpty ? nil : elements[roll(elements.count)]
  }
}

/// A slave as it would be: what it was told to run, and has not been told to end.
struct FuzzSlave {
  struct Task {
    var launch: TaskLaunch
    var state: TaskState
  }

  var id: SlaveID?
  var info: SlaveInfo
  var resources: Resources
  var tasks: [Task] = []
  var executors: [SlaveInventory.Executor] = []
}

/// What one master was told, and all that it answered.
struct MasterHistory {
  let info: MasterInfo
  let pingsAll: Bool
  var inputs: [(instant: Instant, message: MasterMessage)] = []
  /// What it wanted done.
  var actions: [MasterAction] = []
  /// That and what it stated, in words.
  var answers: [String] = []
}

/// A master under a hail of messages.
final class MasterFuzz {
  /// Whether slaves tell the truth: then nothing may be held that is not there.
  let isHonest: Bool
  let allocator: String
  var dice: Dice
  var settings = MasterSettings()
  var master: Master
  var masters = 1
  var now = Instant.start
  var actions = ActionBuffer<MasterAction>()

  var ledger = RunLedger()
  var slaves: [FuzzSlave]
  var frameworks: [FrameworkID?] = Array(repeating: nil, count: 4)
  var offers: [OfferID] = []
  var updates: [(slave: SlaveIndex, task: TaskID, framework: FrameworkIndex, update: UpdateID)] = []
  var updatesMade: UInt32 = 0
  var tasksMade = 0

  static let roles: [Role] = ["*", "a", "b", "a/c"]

  /// What each master was told, the present one last.
  private(set) var histories: [MasterHistory]
  /// What the last master left.
  private var succession: Succession?

  init(
    seed: UInt64, isHonest: Bool, allocator: String = "drf", followsMesos1_11: Bool = false
  ) throws {
    self.isHonest = isHonest
    self.allocator = allocator
    dice = Dice(seed)
    if dice.isLucky(oneIn: 3) { settings.offerTimeout = .seconds(3) }
    if dice.isLucky(oneIn: 3) { settings.slaveRemovalInterval = .seconds(200) }
    settings.readmitsLostSlaves = dice.isLucky(oneIn: 2)
    if followsMesos1_11 {
      settings.followsMesos1_11 = true
      settings.readmitsLostSlaves = true
      settings.leavesGhosts = true
      settings.answersFailoverWithRegistered = true
    }
    settings.completedFrameworksMax = dice.roll(3)
    settings.completedTasksMax = dice.roll(3)
    master = Master(
      info: MasterInfo(id: "m1", hostname: "m"), allocator: try AllocatorRegistry().make(allocator),
      settings: settings, pingsAll: dice.isLucky(oneIn: 2))
    histories = [MasterHistory(info: master.info, pingsAll: master.pingsAll)]
    let texts = [
      "cpus:8;mem:4096;disk:1000;ports:[1-10]", "cpus:2;mem:1024", "cpus(a):3;cpus:1;mem:512",
      "cpus:4;mem:2048;disk(a):500",
    ]
    slaves = try texts.enumerated().map { index, text in
      let resources = try Resources(parsing: text)
      return FuzzSlave(
        info: SlaveInfo(hostname: "host-\(index)", resources: resources), resources: resources)
    }
  }

  /// Hands a message over and takes in what follows from it.
  func tell(_ message: MasterMessage) {
    histories[histories.count - 1].inputs.append((now, message))
    master.handle(message, at: now, into: &actions)
    while let fact = actions.nextFact() {
      histories[histories.count - 1].answers.append(fact.transcriptText)
      ledger.fold(fact)
    }
    while let effect = actions.nextEffect() {
      histories[histories.count - 1].actions.append(effect)
      histories[histories.count - 1].answers.append(effect.transcriptText)
      heed(effect)
    }
  }

  private func heed(_ effect: MasterAction) {
    switch effect {
    case .toScheduler(let framework, _, let message): heed(message, to: framework)
    case .toSlave(let slave, let message):
      if slaves.indices.contains(Int(slave)) { heed(message, to: Int(slave)) }
    case .toOperator: break
    case .toSuccessor(let left): succession = left
    }
  }

  private func heed(_ message: SchedulerMessage, to framework: FrameworkIndex) {
    switch message {
    case .registered(let id, _), .reregistered(let id, _):
      if frameworks.indices.contains(Int(framework)) { frameworks[framework] = id }
    case .resourceOffers(let new): offers += new.map(\.id)
    default: break
    }
  }

  private func heed(_ message: SlaveMessage, to slave: Int) {
    switch message {
    case .registered(let id, _), .reregistered(let id, _, _): slaves[slave].id = id
    case .runTask(let launch): start(launch, on: slave)
    case .runTaskGroup(let launches): for launch in launches { start(launch, on: slave) }
    case .checkpointResources(let resources): slaves[slave].resources = resources
    case .shutdownFramework(let framework):
      slaves[slave].tasks.removeAll { $0.launch.framework == framework }
      slaves[slave].executors.removeAll { $0.framework == framework }
    case .shutdownExecutor(let framework, let id): end(id, of: framework, on: slave)
    case .killTask(let framework, let task):
      // What the master does not know is gone at once; the rest may take its time.
      if master.tasks.find(task, of: framework) == nil {
        slaves[slave].tasks.removeAll {
          $0.launch.framework == framework && $0.launch.task.taskID == task
        }
      }
    case .acknowledge(let framework, let update):
      let task = update.taskID
      slaves[slave].tasks.removeAll {
        $0.launch.framework == framework && $0.launch.task.taskID == task && $0.state.isTerminal
      }
    case .shutdown: forget(slave)
    case .frameworkMessage, .ping, .updateFramework, .runExecutor, .drain, .killTaskBy: break
    }
  }

  private func start(_ launch: TaskLaunch, on slave: Int) {
    slaves[slave].tasks.append(FuzzSlave.Task(launch: launch, state: .staging))
    guard launch.startsExecutor, let executor = launch.task.executor else { return }
    slaves[slave].executors.append(
      SlaveInventory.Executor(
        framework: launch.framework, info: executor, role: launch.role))
  }

  /// An executor is gone; its tasks end with it.
  func end(_ id: ExecutorID, of framework: FrameworkIndex, on slave: Int) {
    slaves[slave].executors.removeAll {
      $0.framework == framework && $0.info.executorID == id
    }
    for place in slaves[slave].tasks.indices
    where slaves[slave].tasks[place].launch.framework == framework
      && slaves[slave].tasks[place].launch.task.executor?.executorID == id
    {
      slaves[slave].tasks[place].state = .lost
    }
  }

  /// A slave ends and will be another.
  func forget(_ slave: Int) {
    slaves[slave].id = nil
    slaves[slave].tasks = []
    slaves[slave].executors = []
    slaves[slave].resources = slaves[slave].info.resources
  }

  /// Another master takes over.
  func succeed() throws {
    tell(.abdicate)
    guard let succession else { return }
    masters += 1
    master = Master(
      info: MasterInfo(id: "m\(masters)", hostname: "m"),
      allocator: try AllocatorRegistry().make(allocator), settings: settings,
      pingsAll: master.pingsAll)
    histories.append(MasterHistory(info: master.info, pingsAll: master.pingsAll))
    tell(.succeed(succession))
  }

  // MARK: Books

  /// What the books of the master and those beside it disagree on; `nil` for nothing.
  func disagreement() -> String? {
    for index in master.slaves.indices where master.slaves[index].state.isRegistered {
      let slave = SlaveIndex(index)
      guard master.inherited[slave] == nil, ledger.slaves.indices.contains(index) else { continue }
      let beside = ledger.slaves[index]
      guard beside.total == master.slaves[index].total else {
        return "slave \(index) has \(master.slaves[index].total), "
          + "by the facts \(beside.total?.description ?? "nothing")"
      }
      var used = Resources()
      for slot in master.tasks.slots(onSlave: master.slaves[index].tasks)
      where !master.tasks[slot].state.isTerminal {
        used += master.tasks[slot].resources
      }
      for executor in master.slaves[index].executors {
        used += executor.info.resources
      }
      if used != beside.used { return "slave \(index) uses \(used), by the facts \(beside.used)" }
      var offered = Resources()
      for number in master.openOffers(of: SlaveIndex(index)) {
        offered += master.offers[number]?.resources ?? Resources()
      }
      // Of offers that overlap only amounts add up.
      let isSame =
        master.overlaps
        ? offered.scalarQuantities == beside.offered.scalarQuantities : offered == beside.offered
      if !isSame {
        return "slave \(index) offers \(offered), by the facts \(beside.offered)"
      }
      let held = master.overlaps ? used : used + offered
      if isHonest, !(beside.total ?? Resources()).contains(held) {
        return
          "slave \(index) holds \(used) and offers \(offered) of \(beside.total ?? Resources())"
      }
    }
    return nil
  }
}
