// Part of mesosim. Apache-2.0, see LICENSE.
//
// What users may ask of Kafka on Mesos in a scenario, and brokers' options as a scenario has them.

import Mesos

enum KafkaActs {
  /// What may be asked, each with the brokers that it is about.
  static let verbs = ["add", "start", "stop", "update", "remove", "restart", "clone"]
    .map { ParameterForm.Field($0, .text) }

  private static let own = [
    ParameterForm.Field("timeout", .duration(isPositive: false)),
    ParameterForm.Field("force", .flag), ParameterForm.Field("noWaitForReplication", .flag),
    ParameterForm.Field("source", .text),
  ]

  static let details = own + options

  /// The options of brokers.
  static let options = [
    ParameterForm.Field("cpus", .number(NumberRange(least: 0, includesLeast: false))),
    ParameterForm.Field("mem", .megabytes(isWhole: true)),
    ParameterForm.Field("heap", .megabytes(isWhole: true)), ParameterForm.Field("port", .text),
    ParameterForm.Field("volume", .text),
    ParameterForm.Field("constraints", .map(.text, example: "{rack: \"groupBy:3\"}")),
    ParameterForm.Field("stickinessPeriod", .duration(isPositive: false)),
    ParameterForm.Field("failoverDelay", .duration(isPositive: false)),
    ParameterForm.Field("failoverMaxDelay", .duration(isPositive: false)),
    ParameterForm.Field("failoverMaxTries", .wordOr("none", .integer(1...1_000_000))),
    ParameterForm.Field("options", .text), ParameterForm.Field("log4jOptions", .text),
    ParameterForm.Field("jvmOptions", .text), ParameterForm.Field("bindAddress", .text),
    ParameterForm.Field("syslog", .flag),
  ]

  /// The options among some entries.
  static func change(
    _ entries: [ParameterValue.Entry]
  ) throws(ParameterError) -> BrokerChange {
    var change = BrokerChange()
    for entry in entries {
      guard let key = BrokerOptions.Key(rawValue: entry.key) else { continue }
      do throws(KafkaRefusal) { try change.set(key, to: entry.value.optionText) } catch {
        throw ParameterError(path: entry.key, reason: error.message)
      }
    }
    return change
  }

  /// Refuses what names no brokers.
  static func expression(
    _ text: String, at path: String
  ) throws(ParameterError) -> BrokerExpression {
    do throws(BrokerExpressionFault) { return try BrokerExpression(text) } catch {
      throw ParameterError(path: path, reason: "\(error)")
    }
  }

  static func check(_ act: FrameworkAct) throws(ParameterError) {
    _ = try expression(act.object, at: act.verb)
    let allowed: [String: Set<String>] = [
      "start": ["timeout"], "stop": ["timeout", "force"],
      "restart": ["timeout", "noWaitForReplication"], "clone": ["source"],
    ]
    let takesOptions = act.verb == "add" || act.verb == "update"
    for entry in act.entries where entry.key != act.verb {
      let isOption = takesOptions && BrokerOptions.Key(rawValue: entry.key) != nil
      guard isOption || allowed[act.verb]?.contains(entry.key) == true else {
        throw ParameterError(path: entry.key, reason: "says nothing beside '\(act.verb)'")
      }
    }
    if act.verb == "clone" {
      guard act["source"] != nil else {
        throw ParameterError(
          path: "", reason: "'clone' needs 'source', such as {clone: 3..5, source: 0}")
      }
      _ = try expression(act.text("source"), at: "source")
    }
    _ = try change(act.entries)
  }

  /// Does what was asked.
  static func perform(_ act: FrameworkAct, on scheduler: KafkaScheduler) throws(KafkaRefusal) {
    let api = KafkaAPI(scheduler)
    let brokers = act.object
    // It was checked when the scenario was read.
    let options = (try? change(act.entries)) ?? BrokerChange()
    var timeout: Duration?
    if case .duration(let given)? = act["timeout"] { timeout = given }
    switch act.verb {
    case "add": try api.add(brokers, options)
    case "update": try api.update(brokers, options)
    case "clone": try api.clone(brokers, from: act.text("source"))
    case "remove": try api.remove(brokers)
    case "start": try api.start(brokers, timeout: timeout ?? .seconds(60), cause: act.text)
    case "stop":
      try api.stop(
        brokers, timeout: timeout ?? .seconds(60), isForced: act.flag("force"), cause: act.text)
    case "restart":
      try api.restart(
        brokers, timeout: timeout, waitsForReplication: !act.flag("noWaitForReplication"),
        cause: act.text)
    default: break
    }
  }
}

extension ParameterValue {
  /// The value as the text of an option.
  fileprivate var optionText: String {
    switch self {
    case .text("none"): ""
    case .text(let text): text
    case .integer(let number): String(number)
    case .number(let number): number.shortText
    case .flag(let flag): String(flag)
    case .duration(let duration): "\(duration.inSeconds.shortText)s"
    case .map(let entries):
      entries.map { "\($0.key)=\($0.value.optionText)" }.joined(separator: ",")
    case .list, .resources, .file: ""
    }
  }
}
