// Part of mesosim. Apache-2.0, see LICENSE.

import Mesos
import Testing

@Suite("StatusReason") struct StatusReasonTests {
  /// The numbers of mesos.proto, with the names of its v0 form.
  static let numbers: [(Int, String)] = [
    (0, "COMMAND_EXECUTOR_FAILED"), (1, "EXECUTOR_TERMINATED"), (2, "EXECUTOR_UNREGISTERED"),
    (3, "FRAMEWORK_REMOVED"), (4, "GC_ERROR"), (5, "INVALID_FRAMEWORKID"), (6, "INVALID_OFFERS"),
    (7, "MASTER_DISCONNECTED"), (8, "CONTAINER_LIMITATION_MEMORY"), (9, "RECONCILIATION"),
    (10, "SLAVE_DISCONNECTED"), (11, "SLAVE_REMOVED"), (12, "SLAVE_RESTARTED"),
    (13, "SLAVE_UNKNOWN"), (14, "TASK_INVALID"), (15, "TASK_UNAUTHORIZED"), (16, "TASK_UNKNOWN"),
    (17, "CONTAINER_PREEMPTED"), (18, "RESOURCES_UNKNOWN"), (19, "CONTAINER_LIMITATION"),
    (20, "CONTAINER_LIMITATION_DISK"), (21, "CONTAINER_LAUNCH_FAILED"),
    (22, "CONTAINER_UPDATE_FAILED"), (23, "EXECUTOR_REGISTRATION_TIMEOUT"),
    (24, "EXECUTOR_REREGISTRATION_TIMEOUT"), (25, "TASK_GROUP_INVALID"),
    (26, "TASK_GROUP_UNAUTHORIZED"), (27, "IO_SWITCHBOARD_EXITED"),
    (28, "TASK_CHECK_STATUS_UPDATED"), (29, "TASK_HEALTH_CHECK_STATUS_UPDATED"),
    (30, "TASK_KILLED_DURING_LAUNCH"), (31, "SLAVE_REMOVED_BY_OPERATOR"),
    (32, "SLAVE_REREGISTERED"), (33, "MAX_COMPLETION_TIME_REACHED"), (34, "SLAVE_DRAINING"),
  ]

  @Test("every number has its name", arguments: numbers)
  func wireNames(number: Int, name: String) throws {
    let reason = try #require(StatusReason(rawValue: UInt8(number)))
    #expect(reason.wireName == "REASON_" + name)
    // The case is named like the wire, in Swift's way of joining words.
    let joined = name.lowercased().filter { $0 != "_" }
    #expect("\(reason)".lowercased() == joined)
  }

  @Test("there are no other reasons")
  func complete() {
    #expect(StatusReason.allCases.count == Self.numbers.count)
    #expect(StatusReason(rawValue: 35) == nil)
  }

  @Test("sources are numbered and named as on the wire")
  func sources() {
    #expect(StatusSource.allCases.map(\.rawValue) == [0, 1, 2])
    #expect(
      StatusSource.allCases.map(\.wireName) == ["SOURCE_MASTER", "SOURCE_SLAVE", "SOURCE_EXECUTOR"])
  }
}
