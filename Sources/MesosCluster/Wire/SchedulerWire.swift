// Part of mesosim. Apache-2.0, see LICENSE.
//
// What schedulers' drivers and the master say to one another (mesos.proto's and scheduler.proto's
// messages, by the names of the v0 API).

public import Mesos

/// What a scheduler's driver says to the master.
public enum SchedulerCall: Hashable, Sendable {
  /// Take me on as a framework, or take me back (Rules 3.4, R3.5).
  indirect case subscribe(Subscription)
  /// I have ended: kill my tasks (`stop` without failover).
  case teardown
  /// Send me nothing more (`abort`).
  case deactivate
  /// Use up these offers for these operations; what is left is declined.
  case acceptOffers([OfferID], [OfferOperation], Filters)
  /// I can't use these offers.
  case declineOffers(OfferIDs, Filters)
  /// Forget my filters in these roles (empty: in all) and make offers again.
  case reviveOffers([Role])
  /// Make no offers in these roles (empty: in all) until I revive them.
  case suppressOffers([Role])
  /// Have this task killed; the slave is named where the framework knows it.
  case killTask(TaskID, SlaveID?)
  /// An update has been seen.
  case acknowledge(Acknowledgement)
  /// Tell me how these tasks are; all of mine when the list is empty.
  case reconcileTasks([TaskQuery])
  /// I would like to be offered these.
  case requestResources([Request])
  /// Hand this to my executor.
  case frameworkMessage(ExecutorID, SlaveID, [UInt8])
  /// I am no longer as I said when I subscribed (Rules R3.6).
  indirect case updateFramework(
    FrameworkInfo, suppressed: [Role], constraints: OfferConstraints? = nil)
  /// Have this task killed in this way (v1 API, `Kill.kill_policy`).
  indirect case killTaskBy(KillPolicy, TaskID, SlaveID?)
  /// End this executor (v1 API).
  case shutdownExecutor(ExecutorID, SlaveID)
  /// Tell me how these operations are; all of mine when the list is empty (v1 API).
  case reconcileOperations([OperationQuery])
  /// I will leave these slaves, or will not (v1 API).
  indirect case answerInverseOffers([OfferID], accepts: Bool, Filters)
}

/// An operation on offers that a framework asks about (v1 API).
public struct OperationQuery: Hashable, Sendable {
  /// The name that the framework gave it.
  public var id: String
  /// The slave that it should be on, where the framework knows it.
  public var slaveID: SlaveID?

  /// Asks about an operation.
  public init(_ id: String, on slaveID: SlaveID? = nil) {
    self.id = id
    self.slaveID = slaveID
  }
}

/// How an operation on offers is doing (mesos.proto, `OperationStatus`).
public struct OperationStatus: Hashable, Sendable {
  /// What can become of an operation, as far as the master itself says it.
  public enum State: String, Hashable, Sendable {
    /// It was not tried.
    case dropped = "OPERATION_DROPPED"
    /// It is invalid.
    case error = "OPERATION_ERROR"
    /// Nothing is known of it.
    case unknown = "OPERATION_UNKNOWN"
    /// Its slave does not answer.
    case unreachable = "OPERATION_UNREACHABLE"
    /// Its slave was given up for good.
    case goneByOperator = "OPERATION_GONE_BY_OPERATOR"
    /// Its slave is awaited after a failover.
    case recovering = "OPERATION_RECOVERING"
  }

  /// The name that the framework gave it.
  public var id: String
  /// What became of it.
  public var state: State
  /// What happened, for people.
  public var message: String
  /// The slave that it is on, where the framework named it.
  public var slaveID: SlaveID?

  /// Describes a status.
  public init(_ id: String, _ state: State, message: String, slaveID: SlaveID? = nil) {
    self.id = id
    self.state = state
    self.message = message
    self.slaveID = slaveID
  }
}

extension SchedulerCall {
  /// Whether it is said again until it is answered, or does no harm when it is lost.
  var isRepeated: Bool {
    switch self {
    // An update comes again until its acknowledgement arrives.
    case .subscribe, .acknowledge, .requestResources, .frameworkMessage, .reconcileOperations: true
    case .killTaskBy, .shutdownExecutor, .answerInverseOffers: false
    case .teardown, .deactivate, .acceptOffers, .declineOffers, .reviveOffers, .suppressOffers,
      .killTask, .reconcileTasks, .updateFramework:
      false
    }
  }

  /// Whether the master hears it before whatever is said after it: a subscription, too, says in
  /// which roles no offers are wanted, which must not come after a revival of them.
  var keepsOrder: Bool { if case .subscribe = self { true } else { !isRepeated } }
}

/// How a driver introduces itself to a master.
public struct Subscription: Hashable, Sendable {
  /// The framework; with its id where it had one before.
  public var info: FrameworkInfo
  /// Whether it takes the framework over from the process that has it: a driver that was made with
  /// an id, until it is first connected.
  public var isForced: Bool
  /// The roles in which it wants no offers yet.
  public var suppressed: [Role]
  /// What it authenticates with, if anything.
  public var credential: Credential?
  /// Whether it speaks the v1 API.
  public var speaksV1 = false
  /// The address of its scheduler, where that is to be shown.
  public var pid: String?
  /// Whether it names `role`, be it the default one.
  public var namesRole = false
  /// Which slaves it wants to be offered, by role; `nil` for all.
  public var constraints: OfferConstraints?
  /// Whether it is said to be the first or another one, as messages of the oldest drivers say
  /// (`RegisterFramework`, `ReregisterFramework`); `nil` where both are said alike.
  public var isFirst: Bool?

  /// Describes an introduction.
  public init(
    _ info: FrameworkInfo, isForced: Bool = false, suppressed: [Role] = [],
    credential: Credential? = nil
  ) {
    self.info = info
    self.isForced = isForced
    self.suppressed = suppressed
    self.credential = credential
  }
}

/// What the master says to a scheduler's driver.
public enum SchedulerMessage: Hashable, Sendable {
  /// The framework is registered under this id.
  indirect case registered(FrameworkID, MasterInfo)
  /// The framework is known, and connected again.
  indirect case reregistered(FrameworkID, MasterInfo)
  /// Offers of one allocation run.
  case resourceOffers(Offers)
  /// An offer is taken back.
  case rescindOffer(OfferID)
  /// The state of a task has changed.
  case statusUpdate(TaskStatus)
  /// An executor sends this; through the master or straight from its slave.
  case frameworkMessage(ExecutorID, SlaveID, [UInt8])
  /// A slave is gone.
  case slaveLost(SlaveID)
  /// An executor has ended; `status` is its exit status, -1 where it is not known.
  case executorLost(ExecutorID, SlaveID, status: Int)
  /// The framework is refused, or its driver no longer the one that counts.
  case error(String)
  /// Please leave these slaves (v1 API).
  case inverseOffers([Offer.Inverse])
  /// A wish to leave a slave is taken back (v1 API).
  case rescindInverseOffer(OfferID)
  /// What became of an operation (v1 API).
  indirect case operationStatus(OperationStatus)
}

extension SchedulerMessage {
  /// Whether it is said again until it is answered, or does no harm when it is lost.
  var isRepeated: Bool {
    switch self {
    case .registered, .reregistered, .frameworkMessage: true
    // The slave repeats its own. The master's are not repeated, but one of a task that goes on
    // tells nothing that matters: after each break all tasks are asked for, and where many answers
    // come some are lost again.
    case .statusUpdate(let update): update.uuid != nil || !update.state.isTerminal
    case .resourceOffers, .rescindOffer, .slaveLost, .executorLost, .error, .inverseOffers,
      .rescindInverseOffer, .operationStatus:
      false
    }
  }

  /// Whether the driver hears it before whatever is said after it: offers that come before the
  /// answer to its subscription it drops, and nobody would ever answer them.
  var keepsOrder: Bool {
    switch self {
    case .registered, .reregistered: true
    default: !isRepeated
    }
  }
}
