// Part of mesosim. Apache-2.0, see LICENSE.
//
// The containers of one slave as a value: what runs in them, how long it takes, and what it uses.
// Commands are run here, by what stands for Mesos's own executor; frameworks' executors are run by
// their host, and only contained here.

import Mesos
import VirtualTime

/// What containers want done or told.
enum ContainerEffect {
  /// Tell the slave.
  case news(ContainerNumber, ContainerNews)
  /// Call `wake` for this container then, and no longer when it was wanted before; `distantFuture`
  /// for never.
  case wake(ContainerNumber, Instant)
  /// The container is made: start the executor's process in it.
  case begin(ContainerNumber)
  /// The executor's process is killed with its container.
  case kill(ContainerNumber)
  /// Call `survey` then.
  case survey(Instant)
  /// So much of what is held is not used.
  indirect case slack(Resources)
}

/// The containers of a slave.
struct SlaveContainers: ~Copyable {
  struct Container {
    enum Phase: UInt8 {
      case none, preparing, running, terminating
    }
    var phase = Phase.none
    var isExecutor = false
    var isKept = false
    var reportsKilling = false
    /// Whether its demand is part of the sum.
    var isCounted = false
    /// Whether it holds resources that may be taken back at any time.
    var isRevocable = false
    /// What the command exits with.
    var exitCode: Int32 = 0
    /// Where the rest is, for what is more than a command that takes its time.
    var detail = noSlot
    /// When the command is over, as things stand.
    var end = Instant.distantFuture
    /// How much cpu it wants, in thousandths.
    var demand: Int64 = 0
    /// How much it counts against others when cpu is short.
    var weight: Int64 = 0
    /// What it may use, in thousandths of a MB.
    var memoryLimit: Int64 = 0
    /// What it holds of disk, in thousandths of a MB.
    var diskLimit: Int64 = 0
  }

  let shared: SlaveShared
  let slave: SlaveIndex
  /// What the machine has: thousandths of cpus and of MB.
  let cpuCapacity: Int64
  let memoryCapacity: Int64

  var containers: [Container] = []
  var details = SlotTable<ContainerDetail>()
  /// How much cpu all want together.
  var demand: Int64 = 0
  /// Whether some do not get what they want.
  var isContended = false
  /// What only some slaves have: files fetched, and the watch on all containers together.
  var extras: Extras?
  /// The instant of the step that is being taken.
  var now = Instant.start
  /// What the step has wanted so far: the caller's buffer, while one is taken; else one that all
  /// slaves share and that stays empty.
  var effects: ActionBuffer<ContainerEffect>

  /// What only some slaves have.
  final class Extras {
    var cache = FileCache()
    /// When all containers are looked at, for their memory and for slack.
    var surveyAt = Instant.distantFuture
    /// When the slack is estimated next.
    var estimateAt = Instant.distantFuture
    var slack = Resources()
    /// How many containers have memory that a rule speaks of.
    var memoryRules = 0
  }

  init(slave: SlaveIndex, capacity: Resources, shared: SlaveShared) {
    self.slave = slave
    self.shared = shared
    effects = shared.idleEffects
    cpuCapacity = capacity.thousandths(of: "cpus")
    memoryCapacity = capacity.thousandths(of: "mem")
  }

  var settings: SlaveSettings { shared.settings }

  // MARK: Steps

  /// Takes one step; what follows from it is appended to `effects`.
  @inline(__always)
  mutating func step(
    at now: Instant, into effects: inout ActionBuffer<ContainerEffect>,
    _ body: (inout SlaveContainers) -> Void
  ) {
    self.now = now
    swap(&self.effects, &effects)
    body(&self)
    swap(&self.effects, &effects)
  }

  /// Asks for something to be done.
  @inline(__always)
  mutating func request(_ effect: consuming ContainerEffect) { effects.append(consume effect) }

  /// Has the slave told what became of a container.
  @inline(__always)
  mutating func report(_ news: consuming ContainerNews, of number: ContainerNumber) {
    effects.append(.news(number, consume news))
  }

  // MARK: Queries

  /// Whether something runs, or is about to, in a container.
  func isLive(_ number: ContainerNumber) -> Bool {
    Int(number) < containers.count && containers[Int(number)].phase != .none
  }

  /// Whether what runs in a container outlives its slave's process; what is being made does not.
  func isKept(_ number: ContainerNumber) -> Bool {
    containers[Int(number)].isKept && containers[Int(number)].phase != .preparing
  }

  /// The containers in use, by number.
  var liveNumbers: [ContainerNumber] {
    containers.indices.filter { containers[$0].phase != .none }.map { ContainerNumber($0) }
  }

  func rule(of detail: Int) -> CommandRule? {
    details[detail].rule < 0 ? nil : shared.rules.commands[details[detail].rule]
  }

  // MARK: Records

  mutating func makeRoom(for number: ContainerNumber) {
    while containers.count <= Int(number) { containers.append(Container()) }
  }

  /// The details of a container, made when it has none.
  mutating func detail(of number: ContainerNumber) -> Int {
    if containers[Int(number)].detail != noSlot { return Int(containers[Int(number)].detail) }
    let slot = details.insert(ContainerDetail())
    containers[Int(number)].detail = UInt32(slot)
    return slot
  }

  /// The container is gone; the others may get more.
  mutating func free(_ number: ContainerNumber) {
    let container = containers[Int(number)]
    if container.detail != noSlot {
      if details.take(Int(container.detail)).memory != nil { extras?.memoryRules -= 1 }
    }
    containers[Int(number)] = Container()
    if container.isCounted { demand -= container.demand }
    if isContended { rebalance() }
    if extras != nil { planSurvey() }
  }

  /// Ends a container without a word.
  mutating func remove(_ number: ContainerNumber) {
    guard isLive(number) else { return }
    free(number)
    request(.wake(number, .distantFuture))
  }

  /// Has `wake` called when something happens in a container next.
  mutating func arm(_ number: ContainerNumber) {
    let container = containers[Int(number)]
    guard container.detail != noSlot else {
      return request(.wake(number, container.end))
    }
    let next = details[Int(container.detail)].nextInstant
    request(.wake(number, min(next, container.end)))
  }

  // MARK: Orders

  /// Ends a container and everything in it at once.
  mutating func destroy(_ number: ContainerNumber) {
    end(number, .exited(status: 9, .destroyed))
  }

  /// Ends a container, with these last news of it.
  mutating func end(_ number: ContainerNumber, _ news: consuming ContainerNews) {
    if isLive(number) {
      let isExecutor = containers[Int(number)].isExecutor
      remove(number)
      if isExecutor { request(.kill(number)) }
    }
    report(news, of: number)
  }

  /// The process of an executor, or of the executor of a command, has ended.
  mutating func executorExited(_ number: ContainerNumber, status: Int32) {
    guard isLive(number) else { return }
    remove(number)
    report(.exited(status: status, .itself), of: number)
  }

  /// The container holds other resources from now on.
  mutating func resize(_ number: ContainerNumber, to resources: Resources) {
    guard isLive(number) else { return }
    let isCounted = containers[Int(number)].isCounted
    if isCounted { demand -= containers[Int(number)].demand }
    hold(resources, overhead: (0, 0), number)
    if isCounted { demand += containers[Int(number)].demand }
    if containers[Int(number)].detail != noSlot {
      planExcesses(of: number)
      arm(number)
    }
    if isContended || demand > cpuCapacity { rebalance() }
    if extras != nil { planSurvey() }
  }

  /// Notes what a container holds: its demand, unless a rule says otherwise, and its limits.
  mutating func hold(
    _ resources: Resources, overhead: (cpus: Int64, mem: Int64), _ number: ContainerNumber
  ) {
    let totals = resources.standardTotals
    let (cpus, mem, disk) = (totals[0], totals[1], totals[2])
    var revocableCPUs: Int64 = 0
    var isRevocable = false
    if !resources.isPlain {
      let revocable = resources.revocable
      revocableCPUs = revocable.standardTotals[0]
      isRevocable = !revocable.isEmpty
    }
    // Mesos: 1024 shares a cpu, 10 for one that may be taken back (`isolators/cgroups2`), min 2.
    let shares = (cpus - revocableCPUs + overhead.cpus) * 1024 + revocableCPUs * 10
    containers[Int(number)].weight = max(2000, shares)
    containers[Int(number)].isRevocable = isRevocable
    let detail = containers[Int(number)].detail
    let own = detail == noSlot ? nil : rule(of: Int(detail))?.usage.cpus
    containers[Int(number)].demand = own.flatMap { Scalar($0)?.thousandths } ?? cpus
    // Mesos: 32 MB at least, and a running container's limit is never lowered.
    let limit = max(mem + overhead.mem, 32_000)
    containers[Int(number)].memoryLimit = max(containers[Int(number)].memoryLimit, limit)
    containers[Int(number)].diskLimit = disk
  }
}

extension SlaveContainers {
  /// What files were fetched is forgotten when the slave's process goes.
  mutating func forgetFiles() { extras?.cache.removeFiles() }

  /// What only some slaves have, made when there is a need for it.
  mutating func needExtras() -> Extras {
    if let extras { return extras }
    let made = Extras()
    extras = made
    return made
  }
}
