// Part of mesosim. Apache-2.0, see LICENSE.
//
// A test of a small world in every order in which messages can arrive: delay-bounded search (Emmi,
// Qadeer and Rakamarić 2011), each order a run of its own from the start, for schedulers cannot be
// copied.

internal import Foundation
internal import MesosExploration

/// What running all orders came to.
public struct ExhaustReport: Hashable, Sendable, CustomStringConvertible {
  /// How many orders were run.
  public internal(set) var orders = 0
  /// How many of them differ in what became true, or when.
  public internal(set) var histories = 0
  /// The most messages of one run.
  public internal(set) var messagesMax = 0
  /// Whether there is no order that was not run: no bound cut anything off.
  public internal(set) var isComplete = true

  /// The report in one line.
  public var description: String {
    "\(orders) orders, \(histories) histories, up to \(messagesMax) messages; "
      + (isComplete ? "nothing cut off" : "more delays would give more orders")
  }
}

/// Runs a test in every order in which messages can reach a party, up to some delays.
///
///     let report = try exhaust(delays: 2) { world in
///       let cluster = try world.cluster(slaves: 2...2, each: ["cpus:1;mem:512"])
///       let one = cluster.register("one") { OneTask($0) }
///       let other = cluster.register("other") { OneTask($0) }
///       world.mayFailOverMaster(of: cluster)
///       try cluster.run(until: one.isDone && other.isDone, within: .seconds(300))
///     }
///     #expect(report.isComplete)
///
/// A delay lets a message be overtaken by the next that somebody else sends to the same party;
/// messages of one sender stay in order, and none is later than 5 s. Timers fire when they are due.
/// Choices are trivial, but for the number of masters.
/// - Parameters:
///   - delays: How many delays an order may have, the failover counted as one; orders with fewer
///     are run first.
///   - runsMax: No more than so many orders are run.
///   - name: What the test is called.
///   - failures: The folder of failures that are kept; `nil` for the one beside the test's file.
///   - file: The file of the test.
///   - body: The test.
/// - Returns: How many orders there were.
/// - Throws: `ExplorationFailure` for the first order in which the test fails, which has the fewest
///   delays.
@discardableResult
public func exhaust(
  delays: Int, runsMax: Int = 1_000_000, name: String = #function, failures: String? = nil,
  file: String = #filePath, _ body: @escaping @Sendable (World) throws -> Void
) throws -> ExhaustReport {
  let test = ExploredTest(name: name, file: file, folder: failures, body: body)
  var search = OrderSearch(test: test, delaysMax: min(max(0, delays), World.delaysMax))
  return try search.run(runsMax: runsMax)
}

/// All orders of one test, those with fewer delays first.
private struct OrderSearch {
  /// What differs from the order in which the network delivers.
  struct Order: Hashable {
    var delayed: [Int] = []
    var failover: Int?

    /// Where the next difference may be: before it, runs are the same.
    var start: Int { max(delayed.last ?? 0, failover ?? 0) }

    var plan: Plan {
      var plan: Plan = [:]
      for (place, number) in delayed.enumerated() {
        plan[World.delay(place)] = .integer(number + 1)
      }
      if let failover { plan[World.failover] = .integer(failover + 1) }
      return plan
    }

    /// How much it differs.
    var size: Int { delayed.count + (failover == nil ? 0 : 1) }
  }

  let test: ExploredTest
  let delaysMax: Int
  private var report = ExhaustReport()
  private var histories: Set<String> = []

  init(test: ExploredTest, delaysMax: Int) {
    self.test = test
    self.delaysMax = delaysMax
  }

  mutating func run(runsMax: Int) throws -> ExhaustReport {
    // One list for each number of differences, so that the first that fails is the simplest.
    var waiting = [Order()]
    var seen: Set<Order> = [Order()]
    while !waiting.isEmpty {
      var next: [Order] = []
      for order in waiting {
        guard report.orders < runsMax else {
          report.isComplete = false
          return report
        }
        for child in try run(order) where seen.insert(child).inserted { next.append(child) }
      }
      waiting = next
    }
    return report
  }

  /// Runs an order.
  /// - Returns: Those with one difference more.
  private mutating func run(_ order: Order) throws -> [Order] {
    let world = World(Choices(plan: order.plan), isExhaustive: true)
    report.orders += 1
    if let failure = test.failure(in: world) { throw fail(order, world, failure) }
    histories.insert(world.clusters.map(\.digest).joined(separator: " "))
    report.histories = histories.count
    guard let deliveries = world.orders.first else { return [] }
    report.messagesMax = max(report.messagesMax, deliveries.count)
    let candidates = deliveries.candidates(from: order.start)
    let mayFailOver = world.isFailingOver && order.failover == nil
    guard order.size < delaysMax else {
      if mayFailOver || !candidates.isEmpty { report.isComplete = false }
      return []
    }
    var children: [Order] = []
    for number in candidates {
      var child = order
      child.delayed.append(number)
      children.append(child)
    }
    if mayFailOver {
      for number in order.start..<max(order.start, deliveries.count) {
        var child = order
        child.failover = number
        children.append(child)
      }
    }
    return children
  }

  private func fail(_ order: Order, _ world: World, _ failure: ExploredFailure) -> any Error {
    let record = FailureRecord(
      subject: test.name, failure: failure, seed: 0, plan: order.plan,
      found: "order \(report.orders)", runs: report.orders, isSmallest: true)
    let isKept = (try? test.store.write(record)) != nil
    var lines = ["exhaust '\(test.name)': \(failure.text)"]
    lines.append("  in order \(report.orders), with \(order.delayed.count) delays")
    for number in order.delayed { lines.append("    message \(number + 1) is overtaken") }
    if let failover = order.failover {
      lines.append("    the master fails over before message \(failover + 1)")
    }
    if isKept {
      let path = test.store.folder + "/" + record.fileName + ".json"
      lines.append("  kept in \(path)")
      lines.append("  the same again: try replay(\"\(path)\") { world in … }")
    }
    return ExplorationFailure(description: lines.joined(separator: "\n"), records: [record])
  }
}
