// Part of mesosim. Apache-2.0, see LICENSE.
//
// Between the calls of the v1 scheduler API and the messages of a master.

package import Mesos
package import MesosCluster
package import MesosV1

/// Calls of schedulers as a master takes them.
package enum SchedulerCalls {
  /// A call as a master takes it; `nil` for one that it would pass over.
  package static func call(_ call: V1Call) -> SchedulerCall? {
    switch call.kind {
    case .subscribe, .update, .unknown, .bare, .acknowledgeOperation: nil
    case .teardown: .teardown
    case .accept(let ids, let operations, let filters):
      .acceptOffers(ids.map(offerID), operations, filters)
    case .decline(let ids, let filters): .declineOffers(OfferIDs(ids.map(offerID)), filters)
    case .acceptInverseOffers(let ids, let filters):
      .answerInverseOffers(ids.map(offerID), accepts: true, filters)
    case .declineInverseOffers(let ids, let filters):
      .answerInverseOffers(ids.map(offerID), accepts: false, filters)
    case .revive(let roles): .reviveOffers(roles)
    case .suppress(let roles): .suppressOffers(roles)
    case .kill(let task, let slave, let policy):
      policy.map { .killTaskBy($0, task, slave) } ?? .killTask(task, slave)
    case .shutdown(let executor, let slave): .shutdownExecutor(executor, slave)
    case .acknowledge(let slave, let task, let bytes):
      UpdateID(bytes).map {
        .acknowledge(Acknowledgement(slaveID: slave, taskID: task, uuid: $0))
      }
    case .reconcile(let queries): .reconcileTasks(queries)
    case .reconcileOperations(let queries):
      .reconcileOperations(queries.map { OperationQuery($0.id, on: $0.slaveID) })
    case .message(let slave, let executor, let data): .frameworkMessage(executor, slave, data)
    case .request(let requests): .requestResources(requests)
    }
  }

  /// The id of an offer; what no master ever gave names no offer.
  package static func offerID(_ text: String) -> OfferID {
    OfferID(text) ?? OfferID(master: text, number: -1)
  }

  /// Which slaves a framework wants to be offered.
  package static func constraints(_ json: JSONValue) -> OfferConstraints {
    OfferConstraints(
      (json["role_constraints"]?.members ?? []).map { member in
        let groups = (member.value["groups"]?.array ?? []).map { group in
          (group["attribute_constraints"]?.array ?? []).map(condition)
        }
        return OfferConstraints.Entry(Role(member.key), groups)
      })
  }

  private static func condition(_ json: JSONValue) -> OfferConstraints.Condition {
    let selector: OfferConstraints.Condition.Selector
    switch (
      json["selector"]?["attribute_name"]?.string,
      json["selector"]?["pseudoattribute_type"]?.string
    ) {
    case (let name?, _): selector = .attribute(name)
    case (_, "HOSTNAME"): selector = .hostname
    case (_, "REGION"): selector = .region
    case (_, "ZONE"): selector = .zone
    case (_, "UNKNOWN"): selector = .unknown
    default: selector = .none
    }
    let predicate = json["predicate"]
    let kind: OfferConstraints.Condition.Predicate
    if predicate?["exists"] != nil {
      kind = .exists
    } else if predicate?["not_exists"] != nil {
      kind = .notExists
    } else if let text = predicate?["text_equals"]?["value"]?.string {
      kind = .textEquals(text)
    } else if let text = predicate?["text_not_equals"]?["value"]?.string {
      kind = .textNotEquals(text)
    } else if let text = predicate?["text_matches"]?["regex"]?.string {
      kind = .textMatches(text)
    } else if let text = predicate?["text_not_matches"]?["regex"]?.string {
      kind = .textNotMatches(text)
    } else {
      kind = .none
    }
    return OfferConstraints.Condition(selector, kind)
  }
}
