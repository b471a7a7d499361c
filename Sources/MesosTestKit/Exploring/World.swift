// Part of mesosim. Apache-2.0, see LICENSE.
//
// What one run of an explored test is made of: choices that the seed makes, or a plan.

import MesosCluster
import MesosExploration
import SimulationKernel
import VirtualTime

/// One run of an explored test: everything that may differ from run to run is asked of it, by name.
///
/// A choice depends on the seed and its name alone, so that taking one thing away leaves all others
/// as they were. The same name stands for the same choice: give each its own.
public final class World {
  private let chooser: Chooser
  private let seed: UInt64
  private(set) var clusters: [TestCluster] = []
  private(set) var counters: [ConsequenceCounter] = []
  private(set) var facts: [FactList] = []
  private let listsFacts: Bool
  private let isExhaustive: Bool
  private(set) var faultTexts: [String] = []
  private var end = Instant.start
  private(set) var orders: [DeliveryOrder] = []
  /// Whether the test lets the master fail over.
  private(set) var isFailingOver = false

  init(_ choices: Choices, listsFacts: Bool = false, isExhaustive: Bool = false) {
    self.isExhaustive = isExhaustive
    chooser = Chooser(choices)
    self.listsFacts = listsFacts
    let drawn = Int(truncatingIfNeeded: (choices.seed ?? 1) & 0x7fff_ffff_ffff_ffff)
    seed = UInt64(chooser.integer("seed", 0...Int.max, trivial: 1) { _ in drawn })
  }

  var asked: AskedChoices { chooser.asked }

  // MARK: Choices

  /// A whole number.
  ///
  /// - Parameters:
  ///   - range: From where to where; the least is the simplest.
  ///   - name: The choice's name.
  /// - Returns: The number.
  public func pick(_ range: ClosedRange<Int>, _ name: String) -> Int {
    chooser.integer(name, range)
  }

  /// One of some words.
  ///
  /// - Parameters:
  ///   - words: The words, the simplest first; at least one.
  ///   - name: The choice's name.
  /// - Returns: The word.
  public func pick(_ words: [String], _ name: String) -> String {
    chooser.word(name, words)
  }

  /// Yes or no, where no is simpler.
  ///
  /// - Parameters:
  ///   - name: The choice's name.
  ///   - chance: How often it is yes, 0 to 1.
  /// - Returns: Whether it is yes.
  public func flag(_ name: String, chance: Double = 0.5) -> Bool {
    chooser.flag(name, chance: chance)
  }

  // MARK: The cluster

  /// Makes a cluster, whose size may differ from run to run.
  ///
  /// Its schedulers are started again when they give up, as those of a real cluster are.
  /// - Parameters:
  ///   - slaves: How many slaves there are.
  ///   - resources: What each has, one of these; the first is the simplest.
  ///   - attributes: The attributes of each, by its number.
  ///   - masters: How many masters there are.
  ///   - restartAfter: When a scheduler that gave up is started again; `nil` for never.
  ///   - change: Changes whatever else a cluster is made of.
  /// - Returns: The cluster.
  /// - Throws: What is wrong with resources or attributes, and what `change` throws.
  public func cluster(
    slaves: ClosedRange<Int> = 1...4, each resources: [String] = ["cpus:4;mem:8192"],
    attributes: (Int) -> String = { _ in "" }, masters: Int = 3,
    restartAfter: Duration? = .seconds(10),
    change: (inout ClusterSetup) throws -> Void = { _ in }
  ) throws -> TestCluster {
    let place = clusters.count
    let chooser = chooser["slaves", place]
    let cluster = try TestCluster(
      slaves: chooser.integer("count", slaves), each: chooser.word("each", resources),
      attributes: attributes,
      masters: self.chooser["masters", place].integer("count", 1...max(1, masters)) { _ in masters
      },
      seed: seed, change: change)
    cluster.restartDelay = restartAfter
    order(cluster)
    let counter = ConsequenceCounter()
    cluster.cluster.recorder.attach(counter)
    if listsFacts {
      let list = FactList()
      cluster.cluster.recorder.attach(list)
      facts.append(list)
    }
    counters.append(counter)
    clusters.append(cluster)
    return cluster
  }

  /// The name of the choice of the message that is delayed, of one of several.
  static func delay(_ place: Int) -> String { "delays/\(place)/message" }
  static let failover = "failover/master/message"
  static let delaysMax = 8

  /// Has messages of a cluster arrive in the order of the choices; what is sent from now on counts.
  private func order(_ cluster: TestCluster) {
    func number(_ name: String) -> Int? {
      // 0 stands for none.
      let chosen = chooser.integer(name, 0...1_000_000) { _ in 0 }
      return chosen > 0 ? chosen - 1 : nil
    }
    let delayed = (0..<Self.delaysMax).compactMap { number(Self.delay($0)) }
    let failover = number(Self.failover)
    guard isExhaustive || !delayed.isEmpty || failover != nil else { return }
    let order = DeliveryOrder(delaying: delayed, failover: failover)
    orders.append(order)
    cluster.cluster.deliver(in: order)
  }

  /// Lets `exhaust` have the master fail over, once, before any of the messages.
  ///
  /// - Parameter cluster: Whose master; the one that this world has made.
  public func mayFailOverMaster(of cluster: TestCluster) { isFailingOver = true }

  /// Has things go wrong from now on, all of which is put right again.
  ///
  /// To be called when all frameworks are registered: their schedulers are struck, too. Each run
  /// leaves some kinds out. `settle` then lets all of it pass.
  /// - Parameters:
  ///   - cluster: Where they go wrong.
  ///   - kinds: What may go wrong; all kinds by default.
  ///   - duration: Until when things begin to go wrong.
  public func faults(
    on cluster: TestCluster, _ kinds: [ExploredFaultKind] = ExploredFaultKind.allCases,
    for duration: Duration = .seconds(1800)
  ) {
    let draw = FaultDraw(
      chooser, kinds: ExploredFaultKind.allCases.filter(kinds.contains),
      hosts: cluster.slaves.map(\.hostname), schedulers: cluster.frameworks.map(\.name),
      masters: cluster.cluster.masterCount, end: Int(max(.zero, duration) / .milliseconds(1)))
    let since = cluster.now - .start
    let faults = draw.faults().map { fault in
      var fault = fault
      fault.instant = fault.instant + since
      fault.end = fault.end.map { $0 + since }
      return fault
    }
    cluster.cluster.schedule(faults)
    end = max(end, cluster.now + duration, faults.map { $0.end ?? $0.instant }.max() ?? .start)
    for fault in faults.sorted(by: { $0.instant < $1.instant }) {
      let until = fault.end.map { ", until \($0)" } ?? ""
      faultTexts.append("\(fault.instant)  \(fault.fault)\(until)")
    }
  }

  /// Lets time pass until the last fault has been put right.
  ///
  /// - Parameter cluster: Where.
  /// - Throws: `TestFailure` when the cluster breaks an invariant meanwhile.
  public func settle(_ cluster: TestCluster) throws {
    if end > cluster.now { try cluster.run(for: end - cluster.now) }
  }
}
