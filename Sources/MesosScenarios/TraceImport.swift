// Part of mesosim. Apache-2.0, see LICENSE.
//
// A scenario for a trace that answers something at once: who has the most work, on a cluster that
// the trace keeps busy, each with a part of it or all with the whole.

public import Mesos
public import MesosWorkloads

internal import VirtualTime

/// A trace on its way to a scenario.
public struct TraceImport: Sendable {
  /// What a user can say of the scenario.
  public struct Options: Sendable {
    /// What the scenario is called, and what the names of its frameworks begin with.
    public var name: String
    /// How many users get a framework of their own.
    public var largest = 4
    /// How many slaves there are; `nil` for as many as the trace says or fills to 70 %.
    public var slaves: Int?
    /// What each slave has; `nil` for what suits the trace.
    public var slave: Resources?

    /// Names a scenario.
    public init(name: String) { self.name = name }
  }

  /// How busy a cluster is made that nothing is known of: most of it, with room for peaks.
  public static let load = 0.7

  /// What the trace is like.
  public let summary: TraceSummary
  /// The rows.
  public let trace: RowTrace
  /// How many slaves the scenario has.
  public let slaves: Int
  /// What each has.
  public let slave: Resources
  /// What the work is of all that the cluster could do while jobs arrive.
  public let load: Double
  /// The frameworks with the slaves that `static` gives them, the largest first.
  public let parts: [(name: String, slaves: Int)]

  private let workload: RowWorkload
  private let options: Options

  /// Looks at a trace.
  /// - Parameters:
  ///   - workload: The trace; its `file` is the path as the scenario will have it.
  ///   - path: Where it is.
  ///   - options: What else is wanted.
  /// - Throws: `WorkloadError` when it cannot be read, or no row of it counts.
  public init(
    _ workload: RowWorkload, at path: String, _ options: Options
  ) throws(WorkloadError) {
    let trace = try workload.read(path)
    let summary = trace.summary
    guard summary.rows > 0 else {
      let reasons = trace.omitted.map { "\($0.rows) \($0.reason.rawValue)" }
      throw .unreadable(
        file: path,
        reason: "has no row that counts"
          + (reasons.isEmpty ? "" : ": \(reasons.joined(separator: ", "))"))
    }
    let cluster = ImportedCluster(trace, summary, options, isGang: workload.isGang)
    (self.trace, self.summary, self.workload, self.options) = (trace, summary, workload, options)
    (slaves, slave) = (cluster.slaves, cluster.slave)
    load = cluster.load(summary)
    let users = ImportedUsers(summary, options)
    parts = Array(zip(users.names, users.deal(slaves)))
  }
}

/// The frameworks of an import and their parts of the work.
private struct ImportedUsers {
  let names: [String]
  private let works: [Double]

  init(_ summary: TraceSummary, _ options: TraceImport.Options) {
    guard summary.users.count > 1 else {
      (names, works) = ([options.name], [1])
      return
    }
    let largest = summary.users.prefix(options.largest)
    let others = summary.users.dropFirst(options.largest)
    var taken: Set<String> = []
    names =
      largest.map { UserName.unique(options.name, $0.name, &taken) }
      + (others.isEmpty ? [] : [UserName.unique(options.name, "others", &taken)])
    works = largest.map(\.work) + (others.isEmpty ? [] : [others.reduce(0) { $0 + $1.work }])
  }

  /// Deals slaves in proportion to the work, each at least one as far as there are so many.
  func deal(_ slaves: Int) -> [Int] {
    let sum = max(works.reduce(0, +), .leastNonzeroMagnitude)
    let spare = max(0, slaves - works.count)
    var counts = works.indices.map { $0 < slaves ? 1 : 0 }
    // What is due beyond the first, cut; the rest to the largest remainders.
    let due = works.map { max(0, $0 / sum * Double(slaves) - 1) }
    let scale = Double(spare) / max(due.reduce(0, +), .leastNonzeroMagnitude)
    let scaled = due.map { min($0 * scale, Double(spare)) }
    for index in counts.indices { counts[index] += Int(scaled[index]) }
    let rests = scaled.map { $0 - $0.rounded(.down) }
    let order = works.indices.sorted {
      let remainders = (rests[$0], rests[$1])
      return remainders.0 == remainders.1 ? $0 < $1 : remainders.0 > remainders.1
    }
    var left = slaves - counts.reduce(0, +)
    for index in order where left > 0 {
      counts[index] += 1
      left -= 1
    }
    return counts
  }
}

/// The cluster of an import.
private struct ImportedCluster {
  let slaves: Int
  let slave: Resources

  init(
    _ trace: RowTrace, _ summary: TraceSummary, _ options: TraceImport.Options, isGang: Bool
  ) {
    let seconds = Self.seconds(summary)
    /// How much of a resource the work keeps busy at the load that is wanted.
    func wanted(_ work: Double) -> Double { work / seconds / TraceImport.load }
    let most = summary.taskMax
    let (cpus, header) = Self.cpus(trace, wanted(summary.cpuSeconds), most.cpus)
    // Memory and gpus in the proportion in which the trace needs them, with room to fit.
    func beside(_ work: Double, _ one: Double, _ margin: Double) -> Double {
      let ratio = summary.cpuSeconds > 0 ? work / summary.cpuSeconds : 0
      return max(one, (cpus * ratio * margin)).rounded(.up)
    }
    let mem = (beside(summary.memSeconds, most.mem, 1.5) / 1024).rounded(.up) * 1024
    let gpus = summary.gpuSeconds > 0 ? beside(summary.gpuSeconds, most.gpus, 1) : 0
    let made = options.slave ?? Resources(cpus: cpus, mem: max(1024, mem), gpus: gpus)
    slave = made
    if let given = options.slaves {
      slaves = given
    } else if let header, options.slave == nil {
      slaves = header
    } else {
      let counts = [
        (summary.cpuSeconds, made.cpus), (summary.memSeconds, made.mem),
        (summary.gpuSeconds, made.gpus),
      ].filter { $0.1 > 0 }.map { wanted($0.0) / $0.1 }
      let gang = isGang ? trace.slavesForLargestRow(made) : 1
      let least = max(gang, min(summary.users.count, options.largest + 1))
      let most = Double(ClusterDescription.slavesMax)
      slaves = Int(min(most, max(Double(least), (counts.max() ?? 1).rounded(.up))))
    }
  }

  /// The cpus of a slave, and how many such slaves the header of the file tells of.
  private static func cpus(
    _ trace: RowTrace, _ wanted: Double, _ most: Double
  ) -> (cpus: Double, slaves: Int?) {
    if let processors = trace.processors {
      let nodes = min(trace.nodes ?? processors, processors, ClusterDescription.slavesMax)
      let each = (processors + nodes - 1) / nodes
      return (Double(each), (processors + each - 1) / each)
    }
    let sizes = [64.0, 32, 16, 8, 4, 2, 1]
    let fitting = sizes.filter { $0 >= most }
    return (fitting.first { wanted / $0 >= 20 } ?? fitting.last ?? most.rounded(.up), nil)
  }

  /// How long there is work; at least as long as one of the longest tasks if all come at once.
  private static func seconds(_ summary: TraceSummary) -> Double {
    max(summary.spanSeconds, summary.spanSeconds > 0 ? 1 : summary.runSeconds.max, 1)
  }

  /// What the work is of all that the cluster could do while jobs arrive.
  func load(_ summary: TraceSummary) -> Double {
    let each =
      switch summary.measure {
      case .gpus: slave.gpus
      case .cpus: slave.cpus
      case .mem: slave.mem
      }
    return each > 0 ? summary.work / Self.seconds(summary) / (Double(slaves) * each) : 0
  }
}

extension TraceImport {
  /// Gangs that never start under `static`, one line a framework.
  public var warnings: [String] {
    guard workload.isGang else { return [] }
    var place: [String: Int] = [:]
    for (index, user) in summary.users.enumerated() {
      place[user.name] = min(index, parts.count - 1)
    }
    let large = trace.gangs(beyond: slave, slaves: parts.map(\.slaves)) { place[$0] ?? 0 }
    return large.compactMap { gang in
      let part = parts[gang.part]
      return "\(part.name): \(gang.count) of its gangs, the largest of \(gang.tasks) tasks "
        + "(\(gang.job)), are larger than its \(part.slaves) slaves under static; they never "
        + "start there"
    }
  }

  /// The scenario.
  public var yaml: String {
    var workload = workload
    workload.sha256 = trace.sha256.isEmpty ? nil : trace.sha256
    if parts.count > 1 { workload.split = RowWorkload.Split(largest: options.largest) }
    let framework = YAMLNode.map(
      [("name", .text(options.name)), ("type", .text("batch"))] + manners + [
        (
          "trace",
          workload.table.write(workload)
            .without(sameAs: workload.table.write(workload.table.blank))
        )
      ])
    let counts = YAMLNode.map(parts.map { ($0.name, .plain(String($0.slaves))) })
    let partition = YAMLNode.map([("by", .text("framework")), ("counts", counts)])
    let slaves = YAMLNode.map([
      ("count", .plain(String(slaves))), ("name", .text("node-{index}")),
      ("resources", .text(slave.description)),
    ])
    let root = YAMLNode.map([
      ("name", .text(options.name)),
      ("question", .text("What does sharing gain over parts by each one's work?")),
      ("until", .plain(until.scenarioText)),
      ("cluster", .map([("slaves", .list([slaves]))])),
      ("frameworks", .list([framework])),
      (
        "allocators",
        .list([
          .map([("name", .text("static")), ("partition", partition)]),
          .map([("name", .text("drf"))]),
        ])
      ),
    ])
    return root.yaml
  }

  /// How long a framework of gangs refuses and holds: in proportion to its run times, as nobody who
  /// runs for hours asks every second.
  private var manners: [(key: String, value: YAMLNode)] {
    let refusal = min(300, (summary.runSeconds.p50 / 5).rounded())
    guard workload.isGang, refusal > 5 else { return [] }
    func seconds(_ count: Double) -> YAMLNode {
      .plain(Duration.rounded(seconds: count).scenarioText)
    }
    return [("refuse", seconds(refusal)), ("holdTimeout", seconds(2 * refusal))]
  }

  /// When the last job is there and has had the time for a long run, in whole hours or days.
  private var until: Duration {
    let seconds = summary.spanSeconds + summary.runSeconds.max
    let unit = seconds > 2 * 86_400 ? 86_400.0 : 3600
    let whole = (seconds / unit).rounded(.down) + 1
    return .seconds(Int64(min(whole * unit, 9e9)))
  }
}

extension YAMLNode {
  /// This map without what another one says, too, other than the first key.
  fileprivate func without(sameAs other: YAMLNode) -> YAMLNode {
    guard case .map(let entries) = content else { return self }
    return .map(
      entries.enumerated().filter { index, entry in
        index == 0 || entry.value.yaml != other.node(at: Path(steps: [.key(entry.key)]))?.yaml
      }.map { ($0.element.key, $0.element.value) })
  }
}
