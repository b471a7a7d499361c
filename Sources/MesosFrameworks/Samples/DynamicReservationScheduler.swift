// Part of mesosim. Apache-2.0, see LICENSE.
//
// The sample that makes sure of its place: it reserves what a task needs before it launches one,
// and gives it back after the last.

public import Mesos

/// How the dynamic-reservation framework behaves; the defaults are its constants in Mesos.
public struct DynamicReservationOptions: Sendable, Hashable {
  /// How many tasks it runs.
  public var tasks: Int
  /// What each needs, and what is reserved on each slave that is used.
  public var resources: Resources
  /// The command that each runs.
  public var command: String
  /// Who reserves: what the framework authenticates as, which a reservation must name.
  public var principal: String?

  /// What parameters say; without any: the constants of Mesos.
  public init(_ parameters: Parameters = Parameters()) {
    tasks = parameters[Self.tasks]
    resources = parameters[Self.resources]
    command = parameters[Self.command]
  }
}

/// Reserves on each slave the resources of one task at a time
/// (Mesos: `src/examples/dynamic_reservation_framework.cpp`).
///
/// A slave is reserved when it is first offered, used for one task after the other, and unreserved
/// when no task is left. Slaves that are offered only then are left alone. When nothing is reserved
/// any more, the framework stops; a task that does not finish aborts it. What it does not use it
/// declines for two weeks: what becomes reserved for it is offered all the same. Its role must not
/// be `*`.
public final class DynamicReservationScheduler: Scheduler {
  private let options: DynamicReservationOptions
  private var tasks: EqualTasks
  /// What became of each slave that was used, in the order of use.
  private var slaves: [(id: SlaveID, state: State)] = []

  private enum State {
    /// It was offered; nothing is reserved on it.
    case initial
    /// A reservation was asked for.
    case reserving
    /// The reservation stands, and no task is on it.
    case reserved
    /// A task is on the reservation.
    case running
    /// The reservation was given back.
    case unreserving
    /// The reservation was seen to be gone.
    case unreserved

    var isFree: Bool { self == .initial || self == .unreserved }
  }

  private static let refusal = Filters(refuseSeconds: 14 * 86_400)

  /// Makes the framework.
  public init(
    options: DynamicReservationOptions = DynamicReservationOptions(),
    environment: any Environment
  ) {
    self.options = options
    tasks = EqualTasks(options.tasks, options.resources, environment: environment)
  }

  /// Makes its tasks runnable.
  public func registered(
    _ driver: any SchedulerDriver, frameworkID: FrameworkID, masterInfo: MasterInfo
  ) {
    tasks.submit(as: "reserved")
  }

  /// Reserves, launches or gives back, as the slave of each offer stands.
  public func resourceOffers(_ driver: any SchedulerDriver, offers: Offers) {
    for offer in offers {
      guard let index = place(of: offer.slaveID) else {
        driver.declineOffer(offer.id, filters: Self.refusal)
        continue
      }
      let operation = advance(&slaves[index].state, on: offer)
      driver.acceptOffers(
        [offer.id], operation.map { [$0] } ?? [], filters: Self.refusal)
    }
    if tasks.areDone, slaves.allSatisfy({ $0.state.isFree }) {
      driver.stop(failover: false)
    }
  }

  /// Where a slave's state is kept; `nil` for one that comes too late.
  private func place(of slave: SlaveID) -> Int? {
    if let known = slaves.firstIndex(where: { $0.id == slave }) { return known }
    guard tasks.hasNext else { return nil }
    slaves.append((slave, .initial))
    return slaves.count - 1
  }

  private func advance(_ state: inout State, on offer: Offer) -> OfferOperation? {
    let wanted = reservation(for: offer.role)
    let isReserved = offer.resources.contains(wanted)
    switch state {
    case .initial:
      guard tasks.hasNext, offer.resources.unreserved.contains(options.resources)
      else { return nil }
      state = .reserving
      return .reserve(wanted)
    case .reserving, .reserved:
      guard isReserved else { return nil }
      guard tasks.hasNext else {
        state = .unreserving
        return .unreserve(wanted)
      }
      state = .running
      let id = tasks.takeNext()
      let command = CommandInfo(options.command)
      return .launch([
        TaskInfo(
          name: "Task \(id): \(options.command)", taskID: id, slaveID: offer.slaveID,
          resources: wanted, command: command)
      ])
    case .unreserving:
      if !isReserved { state = .unreserved }
      return nil
    case .running, .unreserved: return nil
    }
  }

  /// What a task needs, reserved for a role by this framework.
  private func reservation(for role: Role) -> Resources {
    options.resources.pushing(
      Reservation(.dynamic, role: role, principal: options.principal))
  }

  /// Makes a slave free for the next task; aborts for a task that did not finish.
  public func statusUpdate(_ driver: any SchedulerDriver, status: TaskStatus) {
    guard tasks.note(status) else { return }
    guard status.state == .finished else {
      tasks.abandon()
      driver.abort()
      return
    }
    if let index = slaves.firstIndex(where: { $0.id == status.slaveID }) {
      slaves[index].state = .reserved
    }
  }

  /// Forgets a slave: its reservation is lost with it.
  public func slaveLost(_ driver: any SchedulerDriver, slaveID: SlaveID) {
    slaves.removeAll { $0.id == slaveID }
  }
}

// MARK: - In a scenario

extension FrameworkDescriptor {
  /// `dynamic-reservation`.
  public static let dynamicReservation = FrameworkDescriptor(
    "dynamic-reservation", "Mesos's dynamic_reservation_framework: reserves, runs, unreserves",
    parameters: [
      DynamicReservationOptions.tasks, DynamicReservationOptions.resources,
      DynamicReservationOptions.command,
    ],
    makeScheduler: { request, environment in
      var options = DynamicReservationOptions(request.parameters)
      options.principal = request.principal
      return DynamicReservationScheduler(options: options, environment: environment)
    }
  ).with {
    $0.needsReservations = true
    $0.check = { request throws(ParameterError) in
      try request.needsReservedResources(for: "dynamic-reservation")
    }
  }
}

extension DynamicReservationOptions {
  static let tasks = Parameter.integer(
    "tasks", 1...1_000_000, default: 5, "how many tasks it runs")
  static let resources = Parameter.resources(
    "resources", default: Resources(cpus: 1, mem: 128),
    "what each task needs, reserved on each slave used")
  static let command = Parameter.text(
    "command", default: "sleep 1", "the command that each task runs")
}
