// Part of mesosim. Apache-2.0, see LICENSE.
//
// Single messages in the hands of a test: held, lost, late, twice or in another order, by what they
// say and between whom they go.

public import MesosCluster
import VirtualTime

/// Which messages of a kind a rule is for.
private struct MessageChoice {
  let source: (any TestParty)?
  let target: (any TestParty)?
  let times: Int?
  let isIncludingInFlight: Bool
  let condition: ((CarriedMessage) -> Bool)?
}

extension TestCluster {
  /// Keeps messages back until they are released.
  ///
  ///     let launches = cluster.hold(.acceptOffers, from: web)
  ///     try launches.expectMatches(within: .seconds(30))
  ///
  /// - Parameters:
  ///   - kind: What they say.
  ///   - source: From whom; from anybody by default.
  ///   - target: To whom; to anybody by default.
  ///   - times: How many, the first of them; all by default.
  ///   - includingInFlight: Whether those count that are under way now.
  ///   - condition: Whether one is meant, by its content; all by default.
  /// - Returns: The rule.
  public func hold(
    _ kind: MessageKind, from source: (any TestParty)? = nil, to target: (any TestParty)? = nil,
    times: Int? = nil, includingInFlight: Bool = true,
    where condition: ((CarriedMessage) -> Bool)? = nil
  ) -> TestRule {
    let choice = MessageChoice(
      source: source, target: target, times: times, isIncludingInFlight: includingInFlight,
      condition: condition)
    return rule("hold", kind, choice, .hold)
  }

  /// Loses messages: one that nobody says again takes its connection along, as TCP's do.
  ///
  /// - Parameters:
  ///   - kind: What they say.
  ///   - source: From whom; from anybody by default.
  ///   - target: To whom; to anybody by default.
  ///   - times: How many, the first of them; all by default.
  ///   - includingInFlight: Whether those count that are under way now.
  ///   - condition: Whether one is meant, by its content; all by default.
  /// - Returns: The rule.
  @discardableResult
  public func lose(
    _ kind: MessageKind, from source: (any TestParty)? = nil, to target: (any TestParty)? = nil,
    times: Int? = nil, includingInFlight: Bool = true,
    where condition: ((CarriedMessage) -> Bool)? = nil
  ) -> TestRule {
    let choice = MessageChoice(
      source: source, target: target, times: times, isIncludingInFlight: includingInFlight,
      condition: condition)
    return rule("lose", kind, choice, .lose)
  }

  /// Drops the next message of a kind, and nothing follows from it but its absence: no network does
  /// this, but `DROP_PROTOBUF` of Mesos's own tests does.
  ///
  /// - Parameters:
  ///   - kind: What it says.
  ///   - source: From whom; from anybody by default.
  ///   - target: To whom; to anybody by default.
  ///   - condition: Whether it is meant, by its content.
  /// - Returns: The rule, which says when that was.
  @discardableResult
  public func drop(
    next kind: MessageKind, from source: (any TestParty)? = nil, to target: (any TestParty)? = nil,
    where condition: ((CarriedMessage) -> Bool)? = nil
  ) -> TestRule {
    let choice = MessageChoice(
      source: source, target: target, times: 1, isIncludingInFlight: true, condition: condition)
    return rule("drop", kind, choice, .drop)
  }

  /// Looks at messages and lets them pass, whatever other rules do with them; as `FUTURE_PROTOBUF`
  /// of Mesos's own tests does with one.
  ///
  /// - Parameters:
  ///   - kind: What they say.
  ///   - source: From whom; from anybody by default.
  ///   - target: To whom; to anybody by default.
  ///   - times: How many, the first of them; all by default.
  ///   - includingInFlight: Whether those count that are under way now.
  ///   - condition: Whether one is meant, by its content; all by default.
  /// - Returns: The rule, which has them.
  public func watch(
    _ kind: MessageKind, from source: (any TestParty)? = nil, to target: (any TestParty)? = nil,
    times: Int? = nil, includingInFlight: Bool = true,
    where condition: ((CarriedMessage) -> Bool)? = nil
  ) -> TestRule {
    let choice = MessageChoice(
      source: source, target: target, times: times, isIncludingInFlight: includingInFlight,
      condition: condition)
    return rule("watch", kind, choice, .watch)
  }

  /// Has messages arrive later, after what was sent behind them.
  ///
  /// - Parameters:
  ///   - kind: What they say.
  ///   - delay: How much later.
  ///   - source: From whom; from anybody by default.
  ///   - target: To whom; to anybody by default.
  ///   - times: How many, the first of them; all by default.
  ///   - includingInFlight: Whether those count that are under way now.
  ///   - condition: Whether one is meant, by its content; all by default.
  /// - Returns: The rule.
  @discardableResult
  public func delay(
    _ kind: MessageKind, by delay: Duration, from source: (any TestParty)? = nil,
    to target: (any TestParty)? = nil, times: Int? = nil, includingInFlight: Bool = true,
    where condition: ((CarriedMessage) -> Bool)? = nil
  ) -> TestRule {
    let choice = MessageChoice(
      source: source, target: target, times: times, isIncludingInFlight: includingInFlight,
      condition: condition)
    return rule("delay", kind, choice, .delay(delay))
  }

  /// Has messages arrive twice.
  ///
  /// - Parameters:
  ///   - kind: What they say.
  ///   - delay: How long after the first time the second is.
  ///   - source: From whom; from anybody by default.
  ///   - target: To whom; to anybody by default.
  ///   - times: How many, the first of them; all by default.
  ///   - includingInFlight: Whether those count that are under way now.
  ///   - condition: Whether one is meant, by its content; all by default.
  /// - Returns: The rule.
  @discardableResult
  public func duplicate(
    _ kind: MessageKind, after delay: Duration = .milliseconds(1),
    from source: (any TestParty)? = nil, to target: (any TestParty)? = nil, times: Int? = nil,
    includingInFlight: Bool = true, where condition: ((CarriedMessage) -> Bool)? = nil
  ) -> TestRule {
    let choice = MessageChoice(
      source: source, target: target, times: times, isIncludingInFlight: includingInFlight,
      condition: condition)
    return rule("duplicate", kind, choice, .duplicate(after: delay))
  }

  /// Has messages arrive in another order: they wait until so many have come, and the last of them
  /// is then delivered first.
  ///
  /// Those that still wait for more when the rule is removed are delivered as they came.
  /// - Parameters:
  ///   - kind: What they say.
  ///   - count: How many wait for one another.
  ///   - source: From whom; from anybody by default.
  ///   - target: To whom; to anybody by default.
  ///   - times: How many, the first of them; all by default.
  ///   - includingInFlight: Whether those count that are under way now.
  ///   - condition: Whether one is meant, by its content; all by default.
  /// - Returns: The rule.
  @discardableResult
  public func reorder(
    _ kind: MessageKind, groupsOf count: Int = 2, from source: (any TestParty)? = nil,
    to target: (any TestParty)? = nil, times: Int? = nil, includingInFlight: Bool = true,
    where condition: ((CarriedMessage) -> Bool)? = nil
  ) -> TestRule {
    let choice = MessageChoice(
      source: source, target: target, times: times, isIncludingInFlight: includingInFlight,
      condition: condition)
    return rule("reorder", kind, choice, .reorder(groupsOf: count))
  }

  /// Does something while a rule is in force, and ends the rule.
  ///
  ///     try cluster.with(cluster.hold(.acceptOffers, from: web)) { launches in … }
  ///
  /// - Parameters:
  ///   - rule: The rule.
  ///   - file: The file of the test.
  ///   - line: The line of the test.
  ///   - body: What is done.
  /// - Returns: What `body` returns.
  /// - Throws: What `body` throws; else `TestFailure` when the rule was for no message at all.
  public func with<Result>(
    _ rule: TestRule, file: String = #filePath, line: Int = #line,
    _ body: (TestRule) throws -> Result
  ) throws -> Result {
    let result: Result
    do { result = try body(rule) } catch {
      rule.end()
      throw error
    }
    try rule.remove(file: file, line: line)
    return result
  }

  private func rule(
    _ verb: String, _ kind: MessageKind, _ choice: MessageChoice, _ fate: MessageFate
  ) -> TestRule {
    var text = "\(verb) \(kind)"
    if let source = choice.source { text += " from \(Text.of(source.parties))" }
    if let target = choice.target { text += " to \(Text.of(target.parties))" }
    if let times = choice.times { text += times == 1 ? ", once" : ", \(times) times" }
    note(text)
    for party in [choice.source, choice.target] where party?.parties.isEmpty == false {
      if let parties = party?.parties, cluster.standing(of: parties).named == 0 {
        mistake(
          "the rule '\(text)' is about nobody: there is no \(parties)",
          advice: "take a handle of this cluster")
      }
    }
    let rule = cluster.addRule(
      kind, from: choice.source?.parties, to: choice.target?.parties, times: choice.times,
      includesInFlight: choice.isIncludingInFlight, where: choice.condition, fate)
    let made = TestRule(rule: rule, cluster: self, text: text)
    begin(made)
    return made
  }

  func failureOfIdleRule(_ text: String, at place: TestFailure.Place?) -> TestFailure {
    failure(
      "the rule '\(text)' never matched",
      advice: "is the message of that kind, between these parties, and sent in time?", at: place)
  }
}
