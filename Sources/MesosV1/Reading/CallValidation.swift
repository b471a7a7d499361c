// Part of mesosim. Apache-2.0, see LICENSE.
//
// What is wrong with a call, whoever makes it (Mesos: `master/validation.cpp`, namespace
// `scheduler::call`).

import Mesos

extension V1Call {
  /// What is wrong with it, in the words of Mesos; `nil` when it is sound.
  package var fault: String? {
    switch kind {
    case .unknown: return "Expecting 'type' to be present"
    case .subscribe(let stated):
      let id = stated.framework.info.id?.value ?? ""
      return id == frameworkID?.value ?? ""
        ? nil : "'framework_id' differs from 'subscribe.framework_info.id'"
    case .bare("subscribe"): return "Expecting 'subscribe' to be present"
    default: break
    }
    guard let frameworkID else { return "Expecting 'framework_id' to be present" }
    switch kind {
    case .bare(let member): return "Expecting '\(member)' to be present"
    case .acknowledge(_, _, let bytes): return Self.fault(ofUUID: bytes)
    case .acknowledgeOperation(let slave, _, let bytes):
      return Self.fault(ofUUID: bytes)
        ?? (slave == nil ? "Expecting 'agent_id' to be present" : nil)
    case .update(let stated):
      return stated.framework.info.id == frameworkID
        ? nil : "'framework_id' differs from 'update_framework.framework_info.id'"
    default: return nil
    }
  }

  private static func fault(ofUUID bytes: [UInt8]) -> String? {
    bytes.count == 16 ? nil : "Not a valid UUID"
  }
}
