// Part of mesosim. Apache-2.0, see LICENSE.
//
// What a Kafka on Mesos is told: its brokers, what is done with them later, and its own settings.

import Mesos

/// How Kafka on Mesos behaves, and what its brokers are.
public struct KafkaOptions: Sendable, Hashable {
  /// Brokers that are added when it begins.
  public struct Brokers: Sendable, Hashable {
    /// Which: an expression such as `0..149`.
    public var expression: String
    /// Their options.
    public var change: BrokerChange
    /// Whether they are started at once.
    public var isActive: Bool

    /// Describes brokers.
    public init(
      _ expression: String, _ change: BrokerChange = BrokerChange(), isActive: Bool = true
    ) {
      self.expression = expression
      self.change = change
      self.isActive = isActive
    }
  }

  /// The brokers there are at first.
  public var brokers: [Brokers] = []
  /// What is done later.
  public var acts: [FrameworkAct] = []
  /// How often the master is asked again for tasks that it has said nothing of.
  public var reconciliationTimeout = Duration.seconds(300)
  /// How often it asks for all tasks, where messages can get lost; `nil` for only when connected.
  public var reconciliationInterval: Duration?
  /// How soon it asks again for offers that it has declined when they may be of use now; `nil` to
  /// wait until they come back, which may be an hour.
  public var askAgain: Duration? = .seconds(10)
  /// How large volumes are that it makes for its brokers, in MB; `nil` for none.
  public var volumeSize: Double?
  /// How much data a broker has, in MB.
  public var dataSize = 0.0
  /// How many MB of these are copied in a second where they are lost.
  public var copyRate = 100.0
  /// How many seconds a broker takes to catch up with a second that it has missed.
  public var catchUp = 0.0
  /// How brokers behave.
  public var executor = KafkaExecutor.Behaviour()

  /// The defaults of Kafka on Mesos, without brokers.
  public init() {}

  var replication: ReplicationModel {
    ReplicationModel(catchUp: catchUp, copySeconds: copyRate > 0 ? dataSize / copyRate : 0)
  }
}
