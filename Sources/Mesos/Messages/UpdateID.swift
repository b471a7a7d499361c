// Part of mesosim. Apache-2.0, see LICENSE.
//
// Names of status updates, and how a scheduler says that it has seen one.

import VirtualTime

/// Names one status update; a repeated delivery carries the same name.
///
/// Sixteen bytes without a meaning, as on the wire (`TaskStatus.uuid`): who makes an update makes
/// them up, and the others only compare them.
public struct UpdateID: Hashable, Sendable {
  /// The first eight bytes, the most significant first.
  package let high: UInt64
  /// The last eight bytes.
  package let low: UInt64

  package init(high: UInt64, low: UInt64) {
    self.high = high
    self.low = low
  }

  /// Takes the bytes of a UUID; `nil` unless there are sixteen.
  public init?(_ bytes: [UInt8]) {
    guard bytes.count == 16 else { return nil }
    func word(_ part: ArraySlice<UInt8>) -> UInt64 { part.reduce(0) { $0 << 8 | UInt64($1) } }
    self.init(high: word(bytes[..<8]), low: word(bytes[8...]))
  }

  /// The sixteen bytes.
  public var bytes: [UInt8] {
    [high, low].flatMap { word in
      (0..<8).map { UInt8(truncatingIfNeeded: word >> (56 - 8 * UInt64($0))) }
    }
  }
}

extension UpdateID: CustomStringConvertible {
  /// The name as UUIDs are written, such as `6d65736f-7369-8000-8000-000300000011`.
  public var description: String {
    let digits = bytes.map { byte in
      (byte < 16 ? "0" : "") + String(byte, radix: 16)
    }
    return [digits[0..<4], digits[4..<6], digits[6..<8], digits[8..<10], digits[10..<16]]
      .map { $0.joined() }.joined(separator: "-")
  }
}

/// Says that a scheduler has seen an update (messages.proto, `StatusUpdateAcknowledgementMessage`).
///
/// Only ids, for that is all a scheduler need have kept.
public struct Acknowledgement: Hashable, Sendable {
  // Where the update is at hand it is kept for its ids: one reference (Performance.md), of which
  // nothing else can be seen.
  private let update: TaskStatus

  /// The name of the update.
  public var uuid: UpdateID { update.uuid ?? UpdateID(high: 0, low: 0) }
  /// The slave that the update came from.
  public var slaveID: SlaveID { update.slaveID ?? "" }
  /// The task that it is about.
  public var taskID: TaskID { update.taskID }

  /// Acknowledges the update of this name.
  public init(slaveID: SlaveID, taskID: TaskID, uuid: UpdateID) {
    update = TaskStatus(
      taskID: taskID, state: .staging, slaveID: slaveID, timestamp: .start, source: .executor,
      uuid: uuid)
  }

  /// Acknowledges an update; `nil` for one without `slaveID` or `uuid`, which is not acknowledged.
  public init?(_ update: TaskStatus) {
    guard update.slaveID != nil, update.uuid != nil else { return nil }
    self.update = update
  }

  /// Equal are those with the same ids.
  public static func == (left: Acknowledgement, right: Acknowledgement) -> Bool {
    left.uuid == right.uuid && left.taskID == right.taskID && left.slaveID == right.slaveID
  }

  /// Hashes the ids.
  public func hash(into hasher: inout Hasher) {
    hasher.combine(uuid)
    hasher.combine(taskID)
    hasher.combine(slaveID)
  }
}
