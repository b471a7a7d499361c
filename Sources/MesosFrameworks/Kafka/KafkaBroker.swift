// Part of mesosim. Apache-2.0, see LICENSE.
//
// A broker as its scheduler knows it.

import Mesos

/// A broker: what is wanted of it, how far its task is, and where.
final class KafkaBroker {
  let id: Int
  var options: BrokerOptions { didSet { volume = options.volume(of: id) } }
  /// The volume that it needs; `nil` for none.
  private(set) var volume: String?
  var record: BrokerRecord
  var data = BrokerData()
  /// Whether it is among those that may be out of sync.
  var mayLag = false
  /// The task that it has, or had last.
  var task: TaskID?
  /// Where its task is or was, and the port there.
  var slave: SlaveID?
  var attributes: [String: String] = [:]
  var port = 0
  /// Where it can be reached, once it runs.
  var endpoint = ""
  /// The volume that was made for it.
  var madeVolume: String?
  /// Whether that was to be made with a launch of which nothing has been heard.
  var isVolumeNew = false
  /// Tasks of it that were launched and are not known to have ended.
  var alive: Set<TaskID> = []
  /// Since when it could be launched.
  var waitsSince = Instant.start
  /// Whether it is among those that wait for an offer.
  var isWaiting = false
  /// Whether it was told to stop, which a change of master must not undo.
  var isToStop = false
  /// Whether it is stopped only to be started again.
  var isRestarting = false

  init(_ id: Int, _ options: BrokerOptions) {
    self.id = id
    self.options = options
    volume = options.volume(of: id)
    record = BrokerRecord(failover: BrokerFailover(options.rules))
  }

  /// Whether its user wants it to be up.
  var isWanted: Bool { record.isActive || isRestarting }

  var executorID: ExecutorID { ExecutorID(task?.value ?? "") }

  var shape: Resources { Resources(cpus: options.cpus, mem: options.mem) }

  /// The host that its data are on, and the volume there.
  var home: String { "\(volume ?? "") on \(attributes["hostname"] ?? "")" }

  /// The broker as expressions see it.
  var sight: BrokerSight {
    BrokerSight(id, attributes: record.task == nil ? nil : attributes)
  }

  /// Whether a slave that cannot have one cannot have the other.
  func wantsLike(_ other: KafkaBroker) -> Bool {
    volume == nil && other.volume == nil && options.wantsLike(other.options)
  }

  /// What it has been through that may keep it from taking an offer now.
  func stay(at now: Double) -> BrokerStay {
    let failover = record.failover
    return BrokerStay(
      id: id, host: failover.host, stickySeconds: failover.stickySeconds(at: now),
      waitingSeconds: failover.waitingSeconds(at: now))
  }

  /// What it wants of an offer now.
  func wish(at now: Double, volumeSize: Double?) -> BrokerWish {
    var wish = BrokerWish(
      id, isActive: record.isActive, cpus: options.cpus, mem: options.mem)
    wish.ports = options.ports
    wish.volume = volume
    wish.constraints = options.constraints
    wish.stickyHost = record.failover.host
    wish.stickySeconds = record.failover.stickySeconds(at: now)
    wish.waitingSeconds = record.failover.waitingSeconds(at: now)
    if let volumeSize, wish.volume != nil, madeVolume != wish.volume {
      wish.makesVolume = true
      wish.volumeSize = volumeSize
    }
    return wish
  }

  /// Its state as it is shown.
  ///
  /// - Parameters:
  ///   - now: The present, in seconds.
  ///   - time: A time in seconds as text.
  /// - Returns: The words of the real one.
  func stateText(at now: Double, _ time: (Double) -> String) -> String {
    let change = record.needsRestart ? " (modified, needs restart)" : ""
    if let task = record.task, task != .starting { return task.rawValue + change }
    guard record.isActive else { return "stopped" + change }
    let failover = record.failover
    guard let failedAt = failover.failedAt else { return "starting" + change }
    let limit = failover.rules.maxTries.map { "/\($0)" } ?? ""
    let next = failedAt + failover.delay
    if now < next {
      return "failed \(failover.failures)\(limit) \(time(failedAt)), next start \(time(next))"
        + change
    }
    return "starting \(failover.failures + 1)\(limit), failed \(time(failedAt))" + change
  }
}
