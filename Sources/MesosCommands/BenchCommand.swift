// Part of mesosim. Apache-2.0, see LICENSE.
//
// How long allocators take, on one machine and in one process, so that only ratios matter.

import ArgumentParser
import Foundation
import Mesos
import MesosAllocation
import MesosMetrics
import MesosScenarios
import VirtualTime

/// `mesosim bench`: what can be timed.
struct BenchCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "bench", abstract: "Time parts of mesosim.",
    discussion: "Example: mesosim bench allocators --slaves 1000 --frameworks 50",
    subcommands: [Allocators.self])

  /// `mesosim bench allocators`: a full pass over slaves that are all free.
  struct Allocators: VocabularyCommand {
    static let configuration = CommandConfiguration(
      commandName: "allocators",
      abstract: "Time a full allocation pass: every slave free, every framework waiting.",
      usage: CommandLine.usage("bench allocators [<options>]"),
      discussion: """
        The unit 'sorts' is the time in which the same process sorts ten million numbers; it makes \
        machines comparable.

        Example:
          mesosim bench allocators --slaves 1000,10000 --frameworks 50,200
        """)

    @Option(help: "Numbers of slaves, separated by commas.")
    var slaves = "1000,10000"

    @Option(help: "Numbers of frameworks, separated by commas.")
    var frameworks = "50,200"

    @Option(help: "Allocators, separated by commas; by default all.")
    var allocators: String?

    @Option(help: "How to print results: text or json.")
    var format = OutputFormat.text

    @OptionGroup var common: CommonOptions

    func validate() throws {
      _ = try (numbers(slaves, "--slaves"), numbers(frameworks, "--frameworks"))
    }

    func run(with vocabulary: ScenarioVocabulary) throws {
      try reportingFailures {
        let registry = vocabulary.allocators
        let names = allocators?.split(separator: ",").map(String.init)
        let chosen = names ?? registry.descriptors.map(\.name)
        // An unknown name is told before anything is timed.
        for name in chosen { _ = try registry.make(name) }
        let unit = AllocatorBench.sortSeconds()
        var cells: [AllocatorBench.Cell] = []
        for slaves in try numbers(slaves, "--slaves") {
          for frameworks in try numbers(frameworks, "--frameworks") {
            for name in chosen {
              let bench = try AllocatorBench(
                name, registry, slaves: slaves, frameworks: frameworks)
              cells.append(bench.measured(sortSeconds: unit))
            }
          }
        }
        switch format {
        case .json: try emit(String(decoding: ResultJSON.data(cells), as: UTF8.self))
        case .text: try emit(Self.table(cells, sortSeconds: unit))
        }
      }
    }

    private func numbers(_ text: String, _ option: String) throws -> [Int] {
      try text.split(separator: ",").map { part in
        guard let number = Int(part), (1...1_000_000).contains(number) else {
          throw ValidationError("\(option) \(part): expected numbers from 1, such as 1000,10000")
        }
        return number
      }
    }

    private static func table(_ cells: [AllocatorBench.Cell], sortSeconds: Double) -> String {
      func number(_ value: Double, _ digits: Double) -> String {
        String((value * digits).rounded() / digits)
      }
      func row(_ words: [String]) -> String {
        zip(words, [16, 8, 11, 11, 12, 11, 9]).map { word, width in
          String(repeating: " ", count: max(0, width - word.count)) + word
        }.joined() + "\n"
      }
      var text = row([
        "allocator", "slaves", "frameworks", "pass ms", "ns/decision", "decisions", "sorts",
      ])
      for cell in cells {
        text += row([
          String(cell.allocator.prefix(16)), String(cell.slaves), String(cell.frameworks),
          number(cell.passSeconds * 1000, 1000), number(cell.nanosecondsPerDecision, 1),
          String(cell.decisions), number(cell.sorts, 100_000),
        ])
      }
      return text + "a sort of ten million numbers took \(number(sortSeconds, 1000)) s\n"
    }
  }
}

/// An allocator with every slave free, ready to be timed.
struct AllocatorBench {
  /// What came of one size.
  struct Cell: Codable {
    let allocator: String
    let slaves: Int
    let frameworks: Int
    let decisions: Int
    let passSeconds: Double
    let nanosecondsPerDecision: Double
    let sorts: Double
  }

  private static let shape = "cpus:24;mem:4096;disk:4096;ports:[31000-32000]"

  private let name: String
  private var allocator: any Allocator
  private let slaves: Int
  private let frameworks: Int

  init(_ name: String, _ registry: AllocatorRegistry, slaves: Int, frameworks: Int) throws {
    self.name = name
    self.slaves = slaves
    self.frameworks = frameworks
    let names = (0..<frameworks).map { "framework-\($0)" }
    var options = AllocatorOptions()
    options.order = .shuffled(key: 1)
    allocator = try registry.make(
      name, AllocatorRequest(options: options, frameworks: names.map { ($0, ["*"]) }))
    for (index, name) in names.enumerated() {
      let entry = FrameworkEntry(id: FrameworkID(name), name: name, roles: [.unreserved])
      allocator.addFramework(FrameworkIndex(index), entry, at: .start)
    }
    let total = try Resources(parsing: Self.shape)
    for index in 0..<slaves {
      let entry = SlaveEntry(id: SlaveID("slave-\(index)"), hostname: "host-\(index)", total: total)
      allocator.addSlave(SlaveIndex(index), entry, at: .start)
    }
  }

  /// The best of five passes, between which everything is given back.
  func measured(sortSeconds: Double) -> Cell {
    let (best, decisions) = bestPass(of: allocator)
    return Cell(
      allocator: name, slaves: slaves, frameworks: frameworks, decisions: decisions,
      passSeconds: best, nanosecondsPerDecision: best * 1e9 / Double(max(1, decisions)),
      sorts: best / sortSeconds)
  }

  private func bestPass(of allocator: some Allocator) -> (seconds: Double, decisions: Int) {
    var allocator = allocator
    var allocations: [Allocation] = []
    var best = Double.infinity
    var now = Instant.start
    for _ in 0..<5 {
      allocations.removeAll(keepingCapacity: true)
      let start = Self.processorSeconds()
      allocator.allocate(at: now, into: &allocations)
      best = min(best, Self.processorSeconds() - start)
      for allocation in allocations {
        allocator.offerEnded(
          allocation.resources, of: allocation.framework, role: allocation.role,
          on: allocation.slave, refusal: nil, at: now)
      }
      now = max(allocator.nextDeadline ?? now, now)
    }
    return (best, allocations.count)
  }

  /// How long this process takes to sort ten million numbers.
  static func sortSeconds() -> Double {
    var state: UInt64 = 1
    var numbers = (0..<10_000_000).map { _ in
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return state
    }
    let start = processorSeconds()
    numbers.sort()
    return processorSeconds() - start
  }

  private static func processorSeconds() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }
}
