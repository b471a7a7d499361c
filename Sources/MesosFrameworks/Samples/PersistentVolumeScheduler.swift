// Part of mesosim. Apache-2.0, see LICENSE.
//
// The sample with data that outlive its tasks: a volume for each shard, made with its first task
// and destroyed after its last.

public import Mesos

/// How the persistent-volume framework behaves; the defaults are its constants in Mesos.
public struct PersistentVolumeOptions: Sendable, Hashable {
  /// How many shards it has.
  public var shards: Int
  /// How many tasks each runs, one after the other on one volume.
  public var tasksPerShard: Int
  /// What a task needs; the volume is part of its disk.
  public var resources: Resources
  /// The size of a volume, in MB.
  public var volumeMegabytes: Double
  /// How long each task takes.
  public var duration: Duration

  /// What parameters say; without any: the constants of Mesos.
  public init(_ parameters: Parameters = Parameters()) {
    shards = parameters[Self.shards]
    tasksPerShard = parameters[Self.tasksPerShard]
    resources = parameters[Self.resources]
    volumeMegabytes = parameters[Self.volume]
    duration = parameters[Self.duration]
  }
}

/// Runs shards, each on a persistent volume of its own
/// (Mesos: `src/examples/persistent_volume_framework.cpp`).
///
/// The first task is launched in the same answer that makes the volume. Each further one waits
/// until the volume is offered again; after the last the volume is destroyed, and the next offer
/// without it ends the shard. A task that does not finish aborts the framework. Disk must be
/// reserved for its role beforehand, which therefore must not be `*`: there are no volumes on
/// anybody's disk.
public final class PersistentVolumeScheduler: Scheduler {
  private let options: PersistentVolumeOptions
  private let environment: any Environment
  private var shards: [Shard]

  private struct Shard {
    enum State {
      case initial, staging, running, waiting, terminating, destroying, done
    }
    let number: Int
    var state = State.initial
    var task: TaskID?
    var launched = 0
    var runnableSince = Instant.start
    /// Where its volume is, and the volume, as it was made.
    var home: (slave: SlaveID, volume: Resources)?
    /// What reports are told; there once the shard is submitted.
    var job: JobJournal?
  }

  /// Makes the framework.
  public init(
    options: PersistentVolumeOptions = PersistentVolumeOptions(), environment: any Environment
  ) {
    self.options = options
    self.environment = environment
    shards = (0..<options.shards).map { Shard(number: $0) }
  }

  /// Makes the first task of each shard runnable.
  public func registered(
    _ driver: any SchedulerDriver, frameworkID: FrameworkID, masterInfo: MasterInfo
  ) {
    for index in shards.indices where shards[index].job == nil {
      shards[index].runnableSince = environment.now
      shards[index].job = environment.journal.job(
        JobID(Int32(clamping: index)), name: "shard-\(index)")
      shards[index].job?.needs(options.resources)
    }
  }

  /// Accepts every offer, with nothing to do for those that no shard can use.
  public func resourceOffers(_ driver: any SchedulerDriver, offers: Offers) {
    for offer in offers {
      var remainder = offer.resources
      var operations: [OfferOperation] = []
      for index in shards.indices {
        operations += advance(&shards[index], on: offer, &remainder)
      }
      driver.acceptOffers([offer.id], operations, filters: Filters())
    }
    if shards.allSatisfy({ $0.state == .done }) { driver.stop(failover: false) }
  }

  /// What a shard does with an offer.
  private func advance(
    _ shard: inout Shard, on offer: Offer, _ remainder: inout Resources
  ) -> [OfferOperation] {
    switch shard.state {
    case .staging, .running, .done: return []
    case .initial:
      guard let (volume, part) = makeVolume(for: shard, of: offer, in: &remainder)
      else { return [] }
      shard.home = (offer.slaveID, volume)
      return [.create(volume), launch(&shard, part, on: offer)]
    case .waiting:
      guard let home = shard.home, home.slave == offer.slaveID,
        remainder.contains(home.volume)
      else { return [] }
      let rest = options.resources - Resources(disk: options.volumeMegabytes)
      guard let part = remainder.take(rest) else { return [] }
      remainder -= home.volume
      return [launch(&shard, part + home.volume, on: offer)]
    case .terminating:
      guard let home = shard.home, home.slave == offer.slaveID,
        remainder.contains(home.volume)
      else { return [] }
      remainder -= home.volume
      shard.state = .destroying
      return [.destroy(home.volume)]
    case .destroying:
      guard let home = shard.home, home.slave == offer.slaveID else { return [] }
      if !remainder.contains(home.volume) {
        shard.state = .done
        shard.job?.finished()
      }
      return []
    }
  }

  /// The volume that a shard makes of the disk reserved for the role, and what its first task has
  /// with it.
  private func makeVolume(
    for shard: Shard, of offer: Offer, in remainder: inout Resources
  ) -> (volume: Resources, task: Resources)? {
    var trial = remainder
    let reserved = trial.reserved(for: offer.role)
    let plain = (reserved - reserved.persistentVolumes).entries
    let size = Resource("disk", .scalar(Scalar(options.volumeMegabytes) ?? Scalar(thousandths: 0)))
    let own = plain.lazy.filter { $0.name == "disk" && $0.disk == nil }
      .map { Resource("disk", size.value, reservations: $0.reservations) }
      .first { trial.contains(Resources([$0])) }
    guard let own else { return nil }
    trial -= Resources([own])
    guard let rest = trial.take(options.resources - Resources([size])) else { return nil }
    remainder = trial
    let id = "\(offer.frameworkID)-shard-\(shard.number)"
    let disk = DiskInfo(persistenceID: id, containerPath: "volume")
    let volume = Resources([
      Resource("disk", size.value, reservations: own.reservations, disk: disk)
    ])
    return (volume, rest + volume)
  }

  private func launch(_ shard: inout Shard, _ part: Resources, on offer: Offer) -> OfferOperation {
    let id = TaskID("shard-\(shard.number).\(shard.launched)")
    shard.state = .staging
    shard.task = id
    shard.launched += 1
    shard.job?.launching(id, needing: options.resources, runnableSince: shard.runnableSince)
    return .launch([
      TaskInfo(
        name: "shard-\(shard.number)", taskID: id, slaveID: offer.slaveID, resources: part,
        command: .sleeping(options.duration.wholeNanoseconds))
    ])
  }

  /// Goes on with a shard whose task has finished; aborts for one that has ended otherwise.
  public func statusUpdate(_ driver: any SchedulerDriver, status: TaskStatus) {
    guard let index = shards.firstIndex(where: { $0.task == status.taskID }) else { return }
    if status.state == .finished {
      finish(&shards[index])
    } else if status.state.isTerminal {
      abort(driver)
    } else if status.state == .running, shards[index].state == .staging {
      shards[index].state = .running
    }
  }

  private func finish(_ shard: inout Shard) {
    guard shard.state == .staging || shard.state == .running else { return }
    guard shard.launched < options.tasksPerShard else {
      shard.state = .terminating
      return
    }
    shard.state = .waiting
    shard.runnableSince = environment.now
    shard.job?.needs(options.resources)
  }

  private func abort(_ driver: any SchedulerDriver) {
    for index in shards.indices { shards[index].job?.abandoned() }
    driver.abort()
  }
}

// MARK: - In a scenario

extension FrameworkDescriptor {
  /// `persistent-volume`.
  public static let persistentVolume = FrameworkDescriptor(
    "persistent-volume", "Mesos's persistent_volume_framework: tasks with data that stay",
    parameters: [
      PersistentVolumeOptions.shards, PersistentVolumeOptions.tasksPerShard,
      PersistentVolumeOptions.resources, PersistentVolumeOptions.volume,
      PersistentVolumeOptions.duration,
    ],
    makeScheduler: {
      PersistentVolumeScheduler(
        options: PersistentVolumeOptions($0.parameters), environment: $1)
    }
  ).with {
    $0.needsReservations = true
    $0.check = { request throws(ParameterError) in
      try request.needsReservedResources(for: "persistent-volume")
      let options = PersistentVolumeOptions(request.parameters)
      guard options.volumeMegabytes > options.resources.disk else { return }
      throw ParameterError(
        path: "volume",
        reason: "\(options.volumeMegabytes.shortText) MB is more than the disk of a task, "
          + "\(options.resources.disk.shortText) MB")
    }
  }
}

extension PersistentVolumeOptions {
  static let shards = Parameter.integer(
    "shards", 1...10_000, default: 3, "how many shards it has")
  static let tasksPerShard = Parameter.integer(
    "tasksPerShard", 1...1_000_000, default: 3,
    "how many tasks each shard runs, one after the other")
  static let resources = Parameter.resources(
    "resources", default: Resources(cpus: 0.1, mem: 32, disk: 16), "what each task needs")
  static let volume = Parameter.megabytes(
    "volume", default: 8, "the size of each shard's volume, part of a task's disk")
  static let duration = Parameter.duration(
    "duration", default: .seconds(1), "how long each task takes")
}
