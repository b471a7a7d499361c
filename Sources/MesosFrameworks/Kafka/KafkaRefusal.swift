// Part of mesosim. Apache-2.0, see LICENSE.
//
// What Kafka on Mesos answers when it does not do what it is asked.

/// An answer other than success: a status of HTTP and what is wrong.
public struct KafkaRefusal: Error, Hashable, Sendable, CustomStringConvertible {
  /// The status.
  public var status: Int
  /// What is wrong.
  public var message: String

  /// Refuses something.
  public init(status: Int = 400, _ message: String) {
    self.status = status
    self.message = message
  }

  /// The status and what is wrong.
  public var description: String { "\(status) \(message)" }

  static func unknown(_ id: Int) -> KafkaRefusal { KafkaRefusal("broker \(id) not found") }
}
