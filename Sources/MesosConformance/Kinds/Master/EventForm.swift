// Part of mesosim. Apache-2.0, see LICENSE.
//
// What a master says, in the form in which cases have it. It goes through the JSON of the v1 API,
// as to a real client.

import Mesos
import MesosCluster
import MesosV1
import VirtualTime

typealias V1Bytes = Base64

/// Turns messages into events of cases, with ids as the master gives them.
struct EventForm {
  /// A value that a writer writes.
  static func value(_ body: (inout JSONWriter) -> Void) -> JSONValue {
    var writer = JSONWriter()
    body(&writer)
    return (try? JSONValue(parsing: writer.text)) ?? JSONValue(.null)
  }

  static func object(_ members: [(String, JSONValue?)]) -> JSONValue {
    JSONValue(
      .object(
        members.compactMap { key, value in value.map { JSONValue.Member(key: key, value: $0) } }))
  }

  // MARK: Schedulers

  static func event(
    _ message: SchedulerMessage, _ reader: V1Reader, isV1: Bool
  ) -> JSONValue? {
    switch message {
    case .registered(let id, _):
      if isV1 { return subscribed(id) }
      return object([("event", .text("REGISTERED")), ("framework", .text(id.value))])
    case .reregistered(let id, _):
      if isV1 { return subscribed(id) }
      return object([("event", .text("REREGISTERED")), ("framework", .text(id.value))])
    case .resourceOffers(let offers):
      let json = value { $0.offers(offers, for: reader) }
      let list = (json["offers"]?["offers"]?.array ?? []).map(offer)
      return object([("event", .text("OFFERS")), ("offers", .array(list))])
    case .rescindOffer(let id):
      return object([("event", .text("RESCIND")), ("offer", .text(id.value))])
    case .statusUpdate(let status):
      var status = status
      // A message of the first API names the executor of an update of the master's beside it only.
      if !isV1, status.source == .master { status.executorID = nil }
      return update(value { $0.update(status, for: reader) }["update"]?["status"], status)
    case .frameworkMessage(let executor, let slave, let data):
      return object([
        ("event", .text("MESSAGE")), ("agent", .text(slave.value)),
        ("executor", .text(executor.value)), ("data", .text(V1Bytes.text(of: data))),
      ])
    case .slaveLost(let id):
      return object([("event", .text("FAILURE")), ("agent", .text(id.value))])
    case .executorLost(let executor, let slave, let status):
      return object([
        ("event", .text("FAILURE")), ("agent", .text(slave.value)),
        ("executor", .text(executor.value)), ("status", .number(status)),
      ])
    case .error(let text):
      return object([("event", .text("ERROR")), ("message", .text(text))])
    case .inverseOffers(let offers):
      let list = offers.map { offer in
        object([
          ("id", .text(offer.id.value)), ("agent", offer.slaveID.map { .text($0.value) }),
          ("unavailability", value { $0.unavailability(offer.unavailability) }),
        ])
      }
      return isV1
        ? object([("event", .text("INVERSE_OFFERS")), ("inverse_offers", .array(list))]) : nil
    case .rescindInverseOffer(let id):
      return object([
        ("event", .text("RESCIND_INVERSE_OFFER")), ("inverse_offer", .text(id.value)),
      ])
    case .operationStatus(let status):
      let form = object([
        ("operation_id", .text(status.id)), ("state", .text(status.state.rawValue)),
        ("message", .text(status.message)), ("agent_id", status.slaveID.map { .text($0.value) }),
      ])
      return object([("event", .text("UPDATE_OPERATION_STATUS")), ("status", form)])
    }
  }

  private static func subscribed(_ id: FrameworkID) -> JSONValue {
    let json = value { $0.subscribed(id, heartbeatSeconds: 15) }["subscribed"]
    return object([
      ("event", .text("SUBSCRIBED")), ("framework", json?["framework_id"].map(flattened)),
      ("heartbeat_interval_seconds", json?["heartbeat_interval_seconds"]),
    ])
  }

  private static func offer(_ json: JSONValue) -> JSONValue {
    object([
      ("id", json["id"].map(flattened)), ("agent", json["agent_id"].map(flattened)),
      ("role", json["allocation_info"]?["role"]),
      ("resources", json["resources"].map { .text(ResourceText.text(of: $0)) }),
      ("attributes", json["attributes"].map { .text(attributes($0)) }),
      ("executors", json["executor_ids"].map(flattened)),
      ("unavailability", json["unavailability"].map(flattened)),
      ("domain", json["domain"].map(flattened)),
    ])
  }

  private static func attributes(_ list: JSONValue) -> String {
    let texts = (list.array ?? []).map { attribute in
      let value =
        attribute["text"]?["value"]?.string ?? attribute["scalar"]?["value"]?.text
        ?? ResourceText.text(of: attribute).split(separator: ":").last.map(String.init) ?? ""
      return "\(attribute["name"]?.string ?? ""):\(value)"
    }
    return texts.joined(separator: ";")
  }

  private static func update(_ json: JSONValue?, _ status: TaskStatus) -> JSONValue? {
    guard let json else { return nil }
    return object([
      ("event", .text("UPDATE")), ("task", json["task_id"].map(flattened)),
      ("state", json["state"]), ("source", json["source"]), ("reason", json["reason"]),
      ("message", json["message"]), ("agent", json["agent_id"].map(flattened)),
      ("executor", json["executor_id"].map(flattened)),
      ("uuid", status.uuid.map { .text(CaseLabels.label($0)) }),
      (
        "unreachable_time",
        json["unreachable_time"]?["nanoseconds"]?.double.map { .number($0 / 1e9) }
      ),
      ("data", json["data"]), ("healthy", json["healthy"]), ("labels", json["labels"]),
      ("container_status", json["container_status"].map(flattened)),
    ])
  }

  // MARK: Nested fields

  /// A value in which an object whose only key is `value` is written as that value, resources are
  /// text, and what is left out everywhere is left out.
  static func flattened(_ json: JSONValue) -> JSONValue {
    switch json.content {
    case .array(let list): return .array(list.map(flattened))
    case .object(let members):
      if members.count == 1, members[0].key == "value" { return flattened(members[0].value) }
      var kept: [JSONValue.Member] = []
      for member in members where member.key != "allocation_info" {
        let value: JSONValue
        if member.key == "resources", member.value.array != nil {
          value = .text(ResourceText.text(of: member.value))
          if value.string == "" { continue }
        } else {
          value = flattened(member.value)
        }
        kept.append(JSONValue.Member(key: member.key, value: value))
      }
      return JSONValue(.object(kept))
    default: return json
    }
  }
}
