// Part of mesosim. Apache-2.0, see LICENSE.
//
// Single messages in the hands of a test: held, lost, late or twice, by what they say and between
// whom they go.

public import MesosCluster
import VirtualTime

/// A rule about messages, from when it is made until it is removed.
public struct TestRule {
  let rule: MessageRule
  let cluster: TestCluster
  let text: String

  /// How many messages it was for so far.
  public var count: Int { rule.matched }

  /// How many messages it holds.
  public var heldCount: Int { rule.heldCount }

  /// Delivers what it holds, at once and in the order in which it was sent; it goes on holding.
  public func release() {
    cluster.note("released: \(text)")
    cluster.cluster.release(rule)
  }

  /// Ends it; what it holds is delivered.
  ///
  /// - Throws: `TestFailure` when it was for no message at all: then the test tests nothing.
  public func remove() throws {
    cluster.note("removed: \(text)")
    cluster.cluster.remove(rule)
    if count == 0 {
      throw cluster.failure(
        "the rule '\(text)' never matched",
        advice: "is the message of that kind, between these parties, and sent after the rule?")
    }
  }
}

extension TestCluster {
  /// Keeps messages back until they are released.
  ///
  ///     let launches = cluster.hold(.acceptOffers, from: web)
  ///     try cluster.run(until: launches.heldCount == 1, within: .seconds(30))
  ///
  /// - Parameters:
  ///   - kind: What they say.
  ///   - source: From whom; from anybody by default.
  ///   - target: To whom; to anybody by default.
  ///   - times: How many, the first of them; all by default.
  /// - Returns: The rule.
  public func hold(
    _ kind: MessageKind, from source: (any TestParty)? = nil, to target: (any TestParty)? = nil,
    times: Int? = nil
  ) -> TestRule {
    rule("hold", kind, source, target, times, .hold)
  }

  /// Loses messages: one that nobody says again takes its connection along, as TCP's do.
  ///
  /// - Parameters:
  ///   - kind: What they say.
  ///   - source: From whom; from anybody by default.
  ///   - target: To whom; to anybody by default.
  ///   - times: How many, the first of them; all by default.
  /// - Returns: The rule.
  @discardableResult
  public func lose(
    _ kind: MessageKind, from source: (any TestParty)? = nil, to target: (any TestParty)? = nil,
    times: Int? = nil
  ) -> TestRule {
    rule("lose", kind, source, target, times, .lose)
  }

  /// Has messages arrive later, after what was sent behind them.
  ///
  /// - Parameters:
  ///   - kind: What they say.
  ///   - delay: How much later.
  ///   - source: From whom; from anybody by default.
  ///   - target: To whom; to anybody by default.
  ///   - times: How many, the first of them; all by default.
  /// - Returns: The rule.
  @discardableResult
  public func delay(
    _ kind: MessageKind, by delay: Duration, from source: (any TestParty)? = nil,
    to target: (any TestParty)? = nil, times: Int? = nil
  ) -> TestRule {
    rule("delay", kind, source, target, times, .delay(delay))
  }

  /// Has messages arrive twice.
  ///
  /// - Parameters:
  ///   - kind: What they say.
  ///   - delay: How long after the first time the second is.
  ///   - source: From whom; from anybody by default.
  ///   - target: To whom; to anybody by default.
  ///   - times: How many, the first of them; all by default.
  /// - Returns: The rule.
  @discardableResult
  public func duplicate(
    _ kind: MessageKind, after delay: Duration = .milliseconds(1),
    from source: (any TestParty)? = nil, to target: (any TestParty)? = nil, times: Int? = nil
  ) -> TestRule {
    rule("duplicate", kind, source, target, times, .duplicate(after: delay))
  }

  private func rule(
    _ verb: String, _ kind: MessageKind, _ source: (any TestParty)?, _ target: (any TestParty)?,
    _ times: Int?, _ fate: MessageFate
  ) -> TestRule {
    var text = "\(verb) \(kind)"
    if let source { text += " from \(Text.of(source.parties))" }
    if let target { text += " to \(Text.of(target.parties))" }
    if let times { text += ", \(times) times" }
    note(text)
    let rule = cluster.addRule(
      kind, from: source?.parties, to: target?.parties, times: times, fate)
    return TestRule(rule: rule, cluster: self, text: text)
  }
}
