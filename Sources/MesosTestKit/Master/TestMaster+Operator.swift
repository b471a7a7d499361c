// Part of mesosim. Apache-2.0, see LICENSE.
//
// What operators ask for in transcripts.
//
//     operator weights ROLE=WEIGHT …
//     operator quota ROLE RESOURCES [force], operator remove-quota ROLE
//     operator quotas ROLE=GUARANTEES/LIMITS … [force]
//     operator whitelist HOST … | all
//     operator reserve | unreserve | create | destroy SLAVE RESOURCES
//     operator teardown FRAMEWORK
//     operator maintenance SLAVE@SECONDS …
//     operator drain | reactivate | gone SLAVE

import Mesos
import MesosAllocation
import MesosCluster

extension TestMaster {
  func operate(_ words: [String]) throws {
    let rest = Array(words.dropFirst())
    send(.operator(try operatorCall(words.first ?? "", rest), number: 0))
  }

  private func operatorCall(_ verb: String, _ words: [String]) throws -> OperatorCall {
    switch verb {
    case "weights":
      return .updateWeights(
        try words.map { word in
          let parts = word.split(separator: "=").map(String.init)
          guard parts.count == 2 else { throw CommandError(word) }
          return WeightInfo(Role(parts[0]), try double(parts[1]))
        })
    case "quota":
      guard words.count >= 2 else { throw CommandError(verb) }
      return .setQuota(
        Role(words[0]), guarantee: try resources(words[1]), isForced: words.contains("force"))
    case "remove-quota": return .removeQuota(Role(words.first ?? ""))
    case "quotas":
      return .updateQuotas(
        try words.filter { $0 != "force" }.map(quota), isForced: words.contains("force"))
    case "whitelist": return .updateWhitelist(words == ["all"] ? nil : words)
    case "teardown": return .teardown(try number(words.first))
    case "maintenance":
      return .updateMaintenance(
        try words.map { word in
          let parts = word.split(separator: "@").map(String.init)
          return SlaveUnavailability(
            try number(parts.first), Unavailability(start: try instant(parts.last)))
        })
    case "drain": return .drain(try number(words.first))
    case "reactivate": return .reactivate(try number(words.first))
    case "gone": return .markGone(try number(words.first))
    default: return try conversion(verb, words)
    }
  }

  private func conversion(_ verb: String, _ words: [String]) throws -> OperatorCall {
    guard words.count == 2 else { throw CommandError(verb) }
    let slave: SlaveIndex = try number(words[0])
    let resources = try resources(words[1])
    switch verb {
    case "reserve": return .reserve(slave, resources)
    case "unreserve": return .unreserve(slave, resources)
    case "create": return .createVolumes(slave, resources)
    case "destroy": return .destroyVolumes(slave, resources)
    default: throw CommandError(verb)
    }
  }

  private func quota(_ word: String) throws -> QuotaConfig {
    let parts = word.split(separator: "=", maxSplits: 1).map(String.init)
    let amounts = (parts.count > 1 ? parts[1] : "").split(
      separator: "/", omittingEmptySubsequences: false
    ).map(String.init)
    guard parts.count == 2, amounts.count == 2 else { throw CommandError(word) }
    return QuotaConfig(
      Role(parts[0]),
      Quota(
        guarantees: try Quantities(parsing: amounts[0]),
        limits: try Limits(parsing: amounts[1])))
  }
}
