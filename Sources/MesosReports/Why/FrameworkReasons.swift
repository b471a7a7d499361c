// Part of mesosim. Apache-2.0, see LICENSE.
//
// Why a framework waits at an instant of a recorded run, in the words of the page.

public import Foundation

/// What there is to say of a framework that waits.
public enum FrameworkReasons {
  /// So many sizes are told of, those of which most wait.
  private static let mostShapes = 4

  /// Why a framework waits.
  /// - Parameters:
  ///   - framework: Its name.
  ///   - instant: When, in nanoseconds of the run; `nil` for the end of the log.
  ///   - log: The text of the log, decompressed.
  /// - Returns: Sentences, in order; `nil` when the log knows no such framework.
  public static func lines(of framework: String, at instant: Int?, in log: Data) -> [String]? {
    let facts = LoggedFacts(log)
    var state = LogState(facts.header)
    var isKnown = false
    var now = 0
    var parts: [Part]?
    facts.forEach { fact in
      if fact.framework == framework { isKnown = true }
      if let instant, fact.t > instant, parts == nil {
        parts = Self.parts(of: framework, &state, now)
      }
      guard parts != nil else {
        now = fact.t
        state.read(fact)
        return true
      }
      lookAhead(framework, fact, &state, &parts)
      return parts?.contains { $0.nextOffer == nil } == true || !isKnown
    }
    guard isKnown else { return nil }
    let found = parts ?? Self.parts(of: framework, &state, now)
    if found.isEmpty { return ["Nothing waits, as far as it says."] }
    let hint = state.header.hasReasons ? [] : [WaitingCause.hint]
    return found.flatMap { part in
      part.lines
        + (part.nextOffer.map {
          [
            "The next offer that is large enough comes at \(LogText.time($0)), in "
              + "\(LogText.duration($0 - now))."
          ]
        } ?? [])
    } + hint
  }

  /// What is said of one size.
  private struct Part {
    let need: LoggedAmounts
    let lines: [String]
    var nextOffer: Int?
  }

  private static func lookAhead(
    _ framework: String, _ fact: LoggedFact, _ state: inout LogState, _ parts: inout [Part]?
  ) {
    guard fact.type == "offered", fact.framework == framework else { return }
    let offered = state.amounts(fact.resources)
    for place in parts?.indices ?? 0..<0 where parts?[place].nextOffer == nil {
      if parts?[place].need.fits(offered) == true { parts?[place].nextOffer = fact.t }
    }
  }

  private static func parts(of framework: String, _ state: inout LogState, _ now: Int) -> [Part] {
    let waiting = (state.keys[framework] ?? [])
      .compactMap { key in state.wishes[key].map { (key: key, wish: $0) } }
      .filter { $0.wish.count > 0 }
      .sorted { ($1.wish.count, $0.key.resources) < ($0.wish.count, $1.key.resources) }
    return waiting.prefix(mostShapes).map { part(of: $0.key, $0.wish, &state, now) }
  }

  private static func part(
    of key: LogState.Key, _ wish: LogState.Wish, _ state: inout LogState, _ now: Int
  ) -> Part {
    let need = state.amounts(key.resources)
    let large = state.slaves.values.filter { $0.isThere && need.fits($0.total) }
    let roomy = large.count { need.fits($0.total - $0.used) }
    var (own, others) = (0, 0)
    for (offer, count) in state.open where need.fits(state.amounts(offer.resources)) {
      if offer.framework == key.framework { own += count } else { others += count }
    }
    var lines = [
      "\(LogText.count(wish.count)) wait for \(key.resources). Slaves large enough: \(large.count);"
        + " with room: \(roomy); in offers to it: \(own), to others: \(others)."
    ]
    if let (finding, pass) = wish.found {
      lines.append("The allocation at \(LogText.time(pass.at)) found: \(finding.funnel).")
      lines.append(outdated(finding.cause, roomy, own, others) ?? finding.binding(pass))
    } else {
      lines.append(guess(large.count, roomy, own, others))
    }
    if let pass = state.lastPass[key.framework] {
      lines.append(
        "At the allocation at \(LogText.time(pass.at)) \(pass.standing(of: key.framework))")
    }
    return Part(need: need, lines: lines)
  }

  /// What is to be said where what was found does not hold any more.
  private static func outdated(
    _ cause: WaitingCause, _ room: Int, _ own: Int, _ others: Int
  ) -> String? {
    switch cause {
    case .answer where own == 0 && room == 0:
      "It has answered those offers since, and tasks hold all room: nothing changes before one of "
        + "them ends."
    case .answer where own == 0:
      "It has answered those offers since; the next allocation looks at what it left."
    case .others where others == 0:
      "Those offers have been answered since; the next allocation looks at what they left."
    case .room where room > 0:
      "Some room has become free since; the next allocation looks at it."
    default: nil
    }
  }

  /// What can be said without reasons.
  private static func guess(_ size: Int, _ room: Int, _ own: Int, _ others: Int) -> String {
    if size == 0 { return "No slave is large enough." }
    if room == 0 { return "No slave has room: tasks of others, or of its own, hold it." }
    if own > 0 { return "It has offers that are large enough and has yet to answer." }
    if others >= room { return "All that has room is in offers to others." }
    return "There is room that it is not offered: refused before, or due at the next allocation."
  }
}

/// What there is to say of the offers of a slave.
public enum OfferReasons {
  /// The last offers of a slave until an instant, the latest first, with the order at the
  /// allocations that made them.
  /// - Parameters:
  ///   - slave: Its name.
  ///   - instant: Until when, in nanoseconds of the run; `nil` for the end of the log.
  ///   - log: The text of the log, decompressed.
  /// - Returns: Sentences, in order; `nil` when the log knows no such slave.
  public static func lines(of slave: String, at instant: Int?, in log: Data) -> [String]? {
    let facts = LoggedFacts(log)
    var state = LogState(facts.header)
    var isKnown = facts.header.slaveNumbers[slave] != nil
    facts.forEach { fact in
      if let instant, fact.t > instant { return false }
      if fact.slave == slave { isKnown = true }
      state.read(fact)
      return true
    }
    guard isKnown else { return nil }
    guard facts.header.hasReasons else { return [WaitingCause.hint] }
    let offers = state.made.values.joined().filter { state.covers($0.rows, slave) }
      .sorted { ($1.at, $1.framework) < ($0.at, $0.framework) }
    if offers.isEmpty { return ["It has not been offered to anybody."] }
    return offers.prefix(3).flatMap { lines(of: $0) }
  }

  private static func lines(of offer: LogState.Made) -> [String] {
    let text =
      "Offered to \(offer.framework) at \(LogText.time(offer.at)): \(offer.resources)."
    guard let pass = offer.pass else { return [text] }
    return [text, "At that allocation \(pass.standing(of: offer.framework))"]
  }
}
