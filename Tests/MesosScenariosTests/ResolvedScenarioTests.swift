// Part of mesosim. Apache-2.0, see LICENSE.

import Mesos
import MesosAllocation
import MesosFrameworks
import MesosWorkloads
import SimulationKernel
import Testing
import VirtualTime

@testable import MesosScenarios

/// Makes up valid scenarios, a different one for each seed.
private struct ScenarioMaker {
  let stream: RandomStream

  init(seed: UInt64) { stream = Seeds(seed).stream("scenarios") }

  private func chance() -> Bool { stream.integer(below: 2) == 0 }

  private func number(_ range: ClosedRange<Int>) -> Int {
    range.lowerBound + stream.integer(below: range.count)
  }

  /// A duration of any magnitude, to the nanosecond.
  private func duration() -> Duration {
    .nanoseconds(Int64(number(1...999)) * [1, 1000, 1_000_000, 1_000_000_000][number(0...3)])
  }

  private func seconds() -> Double { duration().inSeconds }

  func scenario() throws -> Scenario {
    var scenario = Scenario()
    scenario.name = "s\(number(0...999))"
    if chance() {
      scenario.question = ["What if?", "100%", "a: b # c", "\"\"", " x "][number(0...4)]
    }
    scenario.seed = stream.bits()
    if chance() { scenario.until = duration() }
    scenario.allocation.interval = duration()
    if chance() { scenario.allocation.order = .id }
    if chance() { scenario.allocation.minAllocatable = [] }
    scenario.cluster.slaves = try (0..<number(1...3)).map { group in
      SlaveGroup(
        count: number(1...50), name: try IndexTemplate("g\(group)-{index}"),
        resources: Resources(
          cpus: Double(number(1...64_000)) / 1000, mem: Double(number(1...9999))),
        attributes: try IndexTemplate(chance() ? "" : "rack:r{index/\(number(1...9))};zone:a"))
    }
    scenario.cluster.network.latency = chance() ? try latency() : try distribution(least: 0)
    scenario.frameworks = try (0..<number(1...3)).map(framework)
    if chance() {
      let role = scenario.frameworks[0].role.value
      scenario.roles = [Named(role, RoleSettings(weight: Double(number(1...100)) / 8))]
    }
    if chance() { scenario.allocators = [AllocatorEntry(name: "drf")] }
    if chance() {
      let metric = ["speedup", "waitSeconds.p95"][number(0...1)]
      scenario.expect = [
        Expectation(metric: metric, framework: scenario.frameworks[0].name, atLeast: 0.1)
      ]
    }
    return scenario
  }

  private func framework(_ index: Int) throws -> FrameworkDescription {
    var framework = FrameworkDescription(.batch)
    framework.name = "f\(index)"
    framework.role = chance() ? .unreserved : Role("team/r\(index)")
    framework.parameters[BatchOptions.refuse] = duration()
    if chance() { framework.parameters[BatchOptions.holdTimeout] = duration() }
    framework.parameters[BatchOptions.attempts] = number(1...9)
    framework.work = chance() ? .synthetic(try synthetic()) : .trace(try trace())
    return framework
  }

  private func synthetic() throws -> SyntheticWorkload {
    let isCounted = chance()
    var bins = try (0..<number(1...3)).map { index in
      JobBin(
        name: "b\(index)",
        share: isCounted ? .count(number(1...9)) : .weight(Double(number(1...99)) / 10),
        stages: [try stage(.drawn(distribution(least: 1)))])
    }
    if !isCounted && bins.count == 1 && chance() {
      bins[0] = JobBin(name: "job", share: .weight(1), stages: bins[0].stages)
    }
    let counts = bins.map { if case .count(let count) = $0.share { count } else { 0 } }
    let jobs = isCounted ? counts.reduce(0, +) : number(1...20)
    let arrivals: ArrivalProcess =
      switch number(0...2) {
      case 0: .gaps(try distribution(least: 0))
      case 1: .times((0..<jobs).map { _ in duration() })
      default: .bursts(every: duration(), jobs: number(1...9), gap: try distribution(least: 0))
      }
    return SyntheticWorkload(jobs: jobs, start: duration(), arrivals: arrivals, bins: bins)
  }

  private func trace() throws -> TraceWorkload {
    let rule = SizeRule(
      bytes: SizeRule.Bytes.allCases[number(0...2)], bytesPerTask: Int64(number(1...4_000_000)),
      atLeast: number(0...3), atMost: chance() ? nil : number(3...99))
    return TraceWorkload(
      format: .swim, file: "${MESOSIM_DATA}/a b.tsv",
      sha256: chance() ? nil : String(repeating: "0", count: 64),
      source: chance() ? nil : "https://example.org/?a=b#c", every: number(1...9),
      selections: chance() ? [] : [TraceWorkload.Selection(stage: "work", max: number(0...9))],
      stages: [try stage(.derived(rule))])
  }

  private func stage(_ tasks: TaskCount) throws -> StageTemplate {
    StageTemplate(
      name: "work", tasks: tasks, resources: Resources(cpus: 0.001),
      duration: try distribution(least: 0), rounds: number(1...3), isGang: chance())
  }

  private func latency() throws -> Distribution {
    try Distribution(.exponential(mean: seconds()), minimum: chance() ? nil : 0.000_000_001)
  }

  /// Any distribution of numbers of at least `least`; whole nanoseconds where they are times.
  private func distribution(least: Double) throws -> Distribution {
    func value() -> Double { least == 0 ? seconds() : Double(number(1...1000)) / 4 + 1 }
    // Sums of such numbers are not always what their text reads as, to the last bit.
    func exact(_ value: Double) -> Double { Duration.rounded(seconds: value).inSeconds }
    let low = value()
    let sigma = Double(number(1...40)) / 8
    let kind: Distribution.Kind =
      switch number(0...8) {
      case 0: .constant(least == 0 ? low : low.rounded())
      case 1: .exponential(mean: low)
      case 2: .lognormal(median: low, sigma: sigma)
      case 3: .pareto(shape: sigma, minimum: low)
      case 4: .weibull(shape: sigma, scale: low)
      case 5: .uniform(minimum: low, maximum: exact(low + 1))
      case 6: .normal(mean: low, sigma: max(1, least))
      case 7: .zipf(exponent: sigma, count: number(1...50))
      default: .empirical([low, value(), low])
      }
    switch kind {
    case .normal:
      return try Distribution(kind, minimum: least, maximum: chance() ? nil : exact(low + 50))
    case .exponential, .lognormal, .weibull:
      return try Distribution(kind, maximum: chance() ? nil : exact(low * 1000))
    default: return try Distribution(kind)
    }
  }
}

@Suite("Resolved scenarios")
struct ResolvedScenarioTests {
  @Test("what check prints reads as the same scenario", arguments: UInt64(0)..<150)
  func roundTrip(seed: UInt64) throws {
    let scenario = try ScenarioMaker(seed: seed).scenario().withDefaults
    let text = scenario.resolvedYAML
    #expect(ScenarioText.complaints(text) == [], "\(text)")
    let again = try ScenarioText.read(text).scenario
    #expect(again == scenario, "\(text)")
    #expect(again.resolvedYAML == text)
  }

  // Goal: no text makes the reader trap, and every complaint has a place in the file.
  // Method: damage a scenario that uses every key, a few characters at a time.
  @Test("damaged scenarios are read or refused, never more", arguments: UInt64(0)..<40)
  func damage(seed: UInt64) {
    let stream = Seeds(seed).stream("damage")
    let letters = Array("abz019:,{}[]\"'#&*-<> \n\t%|?!@.\\é").map(String.init)
    var text = ScenarioText.plain.map(String.init)
    for _ in 0..<25 {
      for _ in 0...stream.integer(below: 3) {
        let place = stream.integer(below: text.count)
        switch stream.integer(below: 3) {
        case 0: text[place] = letters[stream.integer(below: letters.count)]
        case 1: text.insert(letters[stream.integer(below: letters.count)], at: place)
        default: text.remove(at: place)
        }
      }
      do throws(ScenarioError) {
        _ = try ScenarioText.read(text.joined())
      } catch {
        #expect(!error.problems.isEmpty)
        #expect(error.problems.allSatisfy { $0.position != nil && !$0.message.isEmpty })
      }
    }
  }
}
