// Part of mesosim. Apache-2.0, see LICENSE.
//
// What reasons go by, after each fact of a log: who uses what, who waits since when, what was
// offered meanwhile, and what allocations have found.

/// Follows a log, fact by fact.
struct LogState {
  struct Slave {
    var isThere = false
    var total = LoggedAmounts.none
    var used = LoggedAmounts.none
  }

  /// What a framework wants of a size, and what it was offered since.
  struct Wish {
    var count = 0
    var since: Int?
    var offers = Offers()
    /// What the last allocation with something to say found.
    var found: (finding: LoggedPass.Finding, pass: LoggedPass)?
    /// The last of these that was no matter of answering.
    var hurdle: (finding: LoggedPass.Finding, pass: LoggedPass)?
    /// How long what has kept it.
    fileprivate var held: [WaitingCause: Int] = [:]
    /// How many of the offers since are large enough and open, and whether it has answered all.
    fileprivate var pending = 0
    fileprivate var isAnswered = false
    fileprivate var unseen = 0
    fileprivate var settledAt = 0
  }

  struct Offers {
    var all = 0
    var fitting = 0
    var accepted = 0
    var declined = 0
    var first: Int?
  }

  struct Key: Hashable {
    var framework: String
    var resources: String
  }

  /// An offer, or a row of them, as it was made.
  struct Made {
    var at: Int
    var framework: String
    var resources: String
    var rows: [[String]]
    /// The allocation that made it, once that has been read.
    var pass: LoggedPass?
  }

  let header: LoggedHeader
  let slaveNumbers: [String: Int]
  private(set) var slaves: [String: Slave] = [:]
  private(set) var wishes: [Key: Wish] = [:]
  private(set) var keys: [String: [Key]] = [:]
  private var sizes: [String: LoggedAmounts] = [:]
  /// How many offers of an amount each framework has open.
  private(set) var open: [Key: Int] = [:]
  /// The last offers of each framework, the latest last.
  private(set) var made: [String: [Made]] = [:]
  private var unassigned: [String: Int] = [:]
  /// The last allocation in which each framework stood somewhere.
  private(set) var lastPass: [String: LoggedPass] = [:]

  /// So many facts about offers are kept of each framework at least.
  private static let mostMade = 4096

  init(_ header: LoggedHeader) {
    self.header = header
    slaveNumbers = header.hasReasons ? header.slaveNumbers : [:]
  }

  mutating func amounts(_ text: String?) -> LoggedAmounts {
    guard let text else { return .none }
    if let known = sizes[text] { return known }
    let amounts = LoggedAmounts(text)
    sizes[text] = amounts
    return amounts
  }

  /// Takes a fact in.
  mutating func read(_ fact: LoggedFact) {
    switch fact.type {
    case "slaveAdded", "slaveChanged":
      guard let slave = fact.slave else { return }
      let total = amounts(fact.resources)
      slaves[slave, default: Slave()].isThere = true
      slaves[slave]?.total = total
    case "slaveRemoved":
      if let slave = fact.slave { slaves[slave]?.isThere = false }
    case "demand", "demandEnded": readDemand(fact)
    case "offered", "offerEnded": readOffer(fact)
    case "taskLaunched", "executorStarted", "taskEnded", "executorEnded": readUse(fact)
    case "pass": readPass(fact)
    default: break
    }
  }

  private mutating func readDemand(_ fact: LoggedFact) {
    guard let framework = fact.framework else { return }
    guard let resources = fact.resources else {
      for key in keys[framework] ?? [] { wishes[key]?.count = 0 }
      return
    }
    let key = Key(framework: framework, resources: resources)
    if wishes[key] == nil { keys[framework, default: []].append(key) }
    var wish = wishes[key] ?? Wish()
    if wish.count <= 0 {
      wish = Wish()
      wish.since = fact.t
      wish.settledAt = fact.t
    }
    wish.count += fact.delta ?? 0
    wishes[key] = wish
  }

  private mutating func readUse(_ fact: LoggedFact) {
    guard let slave = fact.slave else { return }
    let isStart = fact.type == "taskLaunched" || fact.type == "executorStarted"
    let (used, amounts) = (slaves[slave]?.used ?? .none, amounts(fact.resources))
    let sum = isStart ? used + amounts : used - amounts
    slaves[slave, default: Slave()].used = sum
  }
}

// MARK: - Offers and allocations

extension LogState {
  private mutating func readOffer(_ fact: LoggedFact) {
    guard let framework = fact.framework, let resources = fact.resources else { return }
    let offered = amounts(resources)
    let count = fact.offerCount
    let isMade = fact.type == "offered"
    open[Key(framework: framework, resources: resources), default: 0] += isMade ? count : -count
    if isMade { note(fact, framework, resources) }
    for key in keys[framework] ?? [] {
      let isFitting = amounts(key.resources).fits(offered)
      guard var offers = wishes[key]?.offers else { continue }
      if isFitting { wishes[key]?.follow(isMade ? count : -count, at: fact.t) }
      switch (isMade, fact.end) {
      case (true, _):
        offers.all += count
        if isFitting {
          offers.fitting += count
          offers.first = offers.first ?? fact.t
        }
      case (_, "accepted"?): offers.accepted += count
      case (_, "declined"?): offers.declined += count
      default: break
      }
      wishes[key]?.offers = offers
    }
  }

  private mutating func note(_ fact: LoggedFact, _ framework: String, _ resources: String) {
    guard header.hasReasons else { return }
    let rows = fact.slaves ?? fact.slave.map { [[$0, $0]] } ?? []
    var list = made[framework] ?? []
    made[framework] = nil
    if list.count >= 2 * Self.mostMade { list.removeFirst(Self.mostMade) }
    list.append(Made(at: fact.t, framework: framework, resources: resources, rows: rows))
    made[framework] = list
    unassigned[framework, default: 0] += 1
  }

  private mutating func readPass(_ fact: LoggedFact) {
    guard let pass = LoggedPass(fact) else { return }
    for (framework, count) in unassigned {
      let end = made[framework]?.endIndex ?? 0
      for place in max(0, end - count)..<end { made[framework]?[place].pass = pass }
    }
    unassigned = [:]
    for entry in pass.order {
      for rank in entry.frameworks { lastPass[rank.framework] = pass }
    }
    for finding in fact.waiting ?? [] {
      let key = Key(framework: finding.framework, resources: finding.resources)
      guard wishes[key] != nil else { continue }
      wishes[key]?.settle(to: fact.t)
      wishes[key]?.found = (finding, pass)
      wishes[key]?.isAnswered = false
      if finding.cause != .answer { wishes[key]?.hurdle = (finding, pass) }
    }
  }

  /// Whether a row of slaves has one among them.
  func covers(_ rows: [[String]], _ slave: String) -> Bool {
    rows.contains { row in
      if row.contains(slave) { return true }
      guard let number = slaveNumbers[slave], let first = row.first.flatMap({ slaveNumbers[$0] }),
        let last = row.last.flatMap({ slaveNumbers[$0] })
      else { return false }
      return min(first, last) <= number && number <= max(first, last)
    }
  }

  /// The last offer of a slave to a framework.
  func lastOffer(of slave: String, to framework: String) -> Made? {
    made[framework]?.last { covers($0.rows, slave) }
  }
}

extension LogState.Wish {
  fileprivate mutating func settle(to now: Int) {
    let time = now - settledAt
    settledAt = now
    guard let found else { return unseen += time }
    held[isAnswered ? .answered : found.finding.cause, default: 0] += time
  }

  /// Takes in that offers which are large enough were made, or that some ended.
  fileprivate mutating func follow(_ change: Int, at now: Int) {
    pending = max(0, pending + change)
    let isAnsweredNow = change < 0 ? pending == 0 && found?.finding.cause == .answer : false
    if isAnsweredNow == isAnswered || change < 0 && !isAnsweredNow { return }
    settle(to: now)
    isAnswered = isAnsweredNow
  }

  /// What has kept it until an instant, the longest first: "tasks held all room for 40s; …".
  func sums(until now: Int) -> String {
    var copy = self
    copy.settle(to: now)
    var parts = WaitingCause.allCases.compactMap { cause in
      copy.held[cause].map { (text: cause.inSum, time: $0) }
    }
    parts.removeAll { $0.time <= 0 }
    // The moments until the first allocation are worth a word only where nothing else is.
    if copy.unseen > 0, parts.isEmpty || copy.unseen >= 1_000_000_000 {
      parts.append(("no allocation had looked", copy.unseen))
    }
    let longest = parts.enumerated()
      .sorted { ($1.element.time, $0.offset) < ($0.element.time, $1.offset) }
    return longest.map { "\($0.element.text) for \(LogText.duration($0.element.time))" }
      .joined(separator: "; ")
  }
}
