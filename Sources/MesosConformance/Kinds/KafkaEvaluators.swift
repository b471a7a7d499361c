// Part of mesosim. Apache-2.0, see LICENSE.
//
// The kinds of the rules of Kafka on Mesos.

import Mesos
import MesosFrameworks

/// Kind `kafka-expression`: which brokers an expression names.
struct KafkaExpressionEvaluator: ConformanceEvaluator {
  let kind = "kafka-expression"

  func evaluate(_ input: JSONValue) throws -> JSONValue {
    let text = try input.requiredString("expression")
    let brokers = try input.items("brokers").map { entry throws(CaseInputError) in
      BrokerSight(try entry.whole("id"), attributes: try KafkaRecord.place(entry))
    }
    do throws(BrokerExpressionFault) {
      let expression = try BrokerExpression(text)
      let byAttributes = input["byAttributes"]?.bool ?? false
      let ids = expression.ids(among: brokers, byAttributes: byAttributes)
      return .object(["valid": .bool(true), "ids": .array(ids.map { .number($0) })])
    } catch {
      return .object(["valid": .bool(false), "message": .text(error.description)])
    }
  }
}

/// Kind `kafka-constraint`: one condition.
struct KafkaConstraintEvaluator: ConformanceEvaluator {
  let kind = "kafka-constraint"

  func evaluate(_ input: JSONValue) throws -> JSONValue {
    let text = try input.requiredString("condition")
    let value = try input.requiredString("value")
    let others = try input.texts("others")
    do throws(BrokerConditionFault) {
      let condition = try BrokerCondition(text)
      return .object(["valid": .bool(true), "match": .bool(condition.accepts(value, others))])
    } catch {
      return .object(["valid": .bool(false), "message": .text(error.description)])
    }
  }
}

/// Kind `kafka-failover`: delays, tries and stickiness.
struct KafkaFailoverEvaluator: ConformanceEvaluator {
  let kind = "kafka-failover"

  func evaluate(_ input: JSONValue) throws -> JSONValue {
    let rules = BrokerFailover.Rules(
      delay: try input.requiredNumber("delaySecs"),
      maxDelay: try input.requiredNumber("maxDelaySecs"), maxTries: try KafkaRecord.tries(input),
      stickinessPeriod: try input.number("stickinessPeriodSecs", default: 600))
    var failover = BrokerFailover(rules, failures: try input.whole("failures", default: 0))
    var isActive = true
    for event in try input.items("events") {
      let now = try event.requiredNumber("at")
      switch try event.requiredString("event") {
      case "running": failover.noteRunning(on: try event.requiredString("host"))
      case "stopped": failover.noteStop(failed: false, at: now)
      case "failed":
        failover.noteStop(failed: true, at: now)
        if failover.isExhausted { isActive = false }
      case "start":
        failover.resetFailures()
        isActive = true
      case let word: throw CaseInputError("unknown event '\(word)'")
      }
    }
    let probes = try input.items("probes").map { probe throws(CaseInputError) in
      let now = try probe.requiredNumber("at")
      let isStuck = failover.isStuck(elsewhereThan: try probe.requiredString("host"), at: now)
      let isWaiting = failover.waitingSeconds(at: now) > 0
      return JSONValue.text(isStuck ? "stickiness" : isWaiting ? "failover" : "accept")
    }
    return .object([
      "failures": .number(failover.failures), "delaySecs": .number(failover.delay),
      "active": .bool(isActive), "triesExceeded": .bool(failover.isExhausted),
      "probes": .array(probes),
    ])
  }
}

/// Kind `kafka-broker`: a broker along commands and updates.
struct KafkaBrokerEvaluator: ConformanceEvaluator {
  let kind = "kafka-broker"

  func evaluate(_ input: JSONValue) throws -> JSONValue {
    let failover = BrokerFailover(
      BrokerFailover.Rules(maxTries: try KafkaRecord.tries(input)),
      failures: try input.whole("failures", default: 0))
    var task: BrokerRecord.TaskState?
    if input["task"] != nil { task = try input.word("task", as: BrokerRecord.TaskState.self) }
    var broker = BrokerRecord(
      isActive: try input.flag("active"), needsRestart: try input.flag("needsRestart"), task: task,
      failover: failover)
    var steps: [JSONValue] = []
    for word in try input.texts("events") {
      guard let event = BrokerRecord.Event(rawValue: word) else {
        throw CaseInputError("unknown event '\(word)'")
      }
      let isKilled = broker.note(event)
      steps.append(
        .object([
          "task": .text(broker.task?.rawValue), "active": .bool(broker.isActive),
          "failures": .number(broker.failover.failures),
          "needsRestart": .bool(broker.needsRestart), "kill": .bool(isKilled),
        ]))
    }
    return .object(["steps": .array(steps), "steady": .bool(broker.isSteady)])
  }
}

/// Kind `kafka-offer`: one offer against the brokers that wait.
struct KafkaOfferEvaluator: ConformanceEvaluator {
  let kind = "kafka-offer"
  var wholeFields: Set<String> { ["reasons"] }

  func evaluate(_ input: JSONValue) throws -> JSONValue {
    guard let entry = input["offer"] else { throw CaseInputError("input has no 'offer'") }
    let brokers = try input.items("brokers").map(broker)
    let items = try entry.items("resources").map(item)
    let offer: BrokerOffer
    let hostname = try entry.requiredString("hostname")
    let attributes = try KafkaRecord.attributes(entry)
    do throws(BrokerOffer.MixedRoles) {
      offer = try BrokerOffer(hostname: hostname, attributes: attributes, items)
    } catch {
      return .object(["result": .text("error"), "message": .text(error.description)])
    }
    let match = BrokerMatch(offer, brokers)
    let reasons = match.refusals.map {
      JSONValue.Member(key: String($0.broker), value: .text($0.reason.description))
    }
    guard let taken = match.taken else {
      return .object([
        "result": .text("decline"), "reasons": JSONValue(.object(reasons)),
        "filterSecs": .number(match.filterSeconds),
      ])
    }
    return .object([
      "result": .text("accept"), "broker": .number(taken.broker), "port": .number(taken.port),
      "portRole": .text(taken.portRole), "cpus": json(taken.cpus), "mem": json(taken.mem),
      "reasons": JSONValue(.object(reasons)),
    ])
  }

  private func json(_ parts: BrokerOffer.Parts) -> JSONValue {
    .object(["role": .number(parts.role), "shared": .number(parts.shared)])
  }

  private func broker(_ entry: JSONValue) throws(CaseInputError) -> BrokerWish {
    var broker = BrokerWish(
      try entry.whole("id"), isActive: try entry.flag("active"),
      cpus: try entry.requiredNumber("cpus"), mem: try entry.requiredNumber("mem"))
    if entry["port"] != nil { broker.ports = try KafkaRecord.range(entry, "port") }
    broker.volume = try entry.optionalString("volume")
    for member in entry["constraints"]?.members ?? [] {
      do throws(BrokerConditionFault) {
        let condition = try BrokerCondition(member.value.string ?? "")
        broker.constraints.append(BrokerWish.Constraint(member.key, condition))
      } catch {
        throw CaseInputError(error.description)
      }
    }
    if let task = entry["task"] { broker.place = try KafkaRecord.place(task) ?? [:] }
    broker.stickyHost = try entry.optionalString("stickyHost")
    broker.stickySeconds = try entry.number("stickySecsLeft", default: 0)
    broker.waitingSeconds = try entry.number("failoverSecsLeft", default: 0)
    return broker
  }

  private func item(_ entry: JSONValue) throws(CaseInputError) -> BrokerOffer.Item {
    let kind: BrokerOffer.Item.Kind
    switch try entry.requiredString("name") {
    case "cpus": kind = .cpus(try entry.requiredNumber("value"))
    case "mem": kind = .mem(try entry.requiredNumber("value"))
    case "ports": kind = .ports(try KafkaRecord.range(entry, "range"))
    case "disk": kind = try entry.optionalString("volumeId").map { .volume($0) } ?? .other
    default: kind = .other
    }
    return BrokerOffer.Item(
      kind, role: try entry.requiredString("role"), isDynamic: try entry.flag("dynamic"))
  }
}

/// What the kinds of Kafka have in common.
private enum KafkaRecord {
  static func tries(_ input: JSONValue) throws(CaseInputError) -> Int? {
    try input["maxTries"] == nil ? nil : input.whole("maxTries")
  }

  static func attributes(_ entry: JSONValue) throws(CaseInputError) -> [String: String] {
    var texts: [String: String] = [:]
    for member in entry["attributes"]?.members ?? [] {
      guard let text = member.value.string else {
        throw CaseInputError("attribute '\(member.key)' is no string")
      }
      texts[member.key] = text
    }
    return texts
  }

  /// Attributes and host name; `nil` without a host name.
  static func place(_ entry: JSONValue) throws(CaseInputError) -> [String: String]? {
    guard let hostname = try entry.optionalString("hostname") else { return nil }
    var place = try attributes(entry)
    place["hostname"] = hostname
    return place
  }

  static func range(_ entry: JSONValue, _ key: String) throws(CaseInputError) -> ClosedRange<Int> {
    let bounds = try entry.wholes(key)
    guard bounds.count == 2, bounds[0] <= bounds[1] else {
      throw CaseInputError("input '\(key)' is no range; expected [low, high]")
    }
    return bounds[0]...bounds[1]
  }
}
