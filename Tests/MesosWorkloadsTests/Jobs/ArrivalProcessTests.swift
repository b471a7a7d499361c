// Part of mesosim. Apache-2.0, see LICENSE.

import SimulationKernel
import Testing
import VirtualTime

@testable import MesosWorkloads

@Suite("Arrivals")
struct ArrivalProcessTests {
  private func seconds(_ process: ArrivalProcess, _ count: Int, from start: Double = 0) -> [Double]
  {
    let start = Instant.start + .rounded(seconds: start)
    return process.instants(count: count, from: start, drawing: Seeds(1).stream("a"))
      .map(\.seconds)
  }

  @Test("the first job comes at the start, the others after a gap each")
  func constant() throws {
    let process = ArrivalProcess.gaps(try Distribution(.constant(30)))
    #expect(seconds(process, 4, from: 10) == [10, 40, 70, 100])
    #expect(seconds(process, 0) == [])
  }

  @Test("listed times count from the start and are put in order")
  func times() {
    let process = ArrivalProcess.times([.seconds(80), .seconds(20), .seconds(80)])
    #expect(seconds(process, 3, from: 5) == [25, 85, 85])
  }

  @Test("bursts come at their period and may run into the next")
  func bursts() throws {
    let gap = try Distribution(.constant(4))
    let short = ArrivalProcess.bursts(every: .seconds(100), jobs: 3, gap: gap)
    #expect(seconds(short, 7) == [0, 4, 8, 100, 104, 108, 200])
    let long = ArrivalProcess.bursts(every: .seconds(5), jobs: 3, gap: gap)
    #expect(seconds(long, 6) == [0, 4, 5, 8, 9, 13])
  }

  @Test("gaps of a Poisson process have the mean and spread of an exponential distribution")
  func poisson() throws {
    let count = 20_000
    let instants = seconds(.gaps(try Distribution(.exponential(mean: 14))), count)
    let gaps = zip(instants, instants.dropFirst()).map { $1 - $0 }
    let mean = gaps.reduce(0, +) / Double(gaps.count)
    let variance = gaps.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(gaps.count)
    // Five standard errors.
    #expect(abs(mean - 14) < 5 * 14 / Double(count).squareRoot())
    #expect(abs(variance.squareRoot() / mean - 1) < 0.05)
  }

  @Test("a gap that is drawn below zero counts as zero")
  func negative() throws {
    let gap = try Distribution(.normal(mean: 0, sigma: 5))
    let instants = seconds(.gaps(gap), 1000)
    #expect(instants == instants.sorted())
    #expect(Set(instants).count < 1000)
  }
}
