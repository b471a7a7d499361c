// Part of mesosim. Apache-2.0, see LICENSE.
//
// Faults as data: what puts them right, and that they can be written and read.

import Foundation
import SimulationKernel
import Testing
import VirtualTime

@testable import MesosCluster

@Suite("Faults as data")
struct FaultTests {
  private static let slaves = Parties(slaves: ["node-1*"])

  private static func all() throws -> [Fault] {
    let jitter = try Distribution(.lognormal(median: 0.1, sigma: 0.5), maximum: 2)
    return [
      .kill(slaves), .crash(slaves), .restart(slaves), .pause(slaves), .resume(slaves),
      .reset(slaves), .network(nil),
      .network(NetworkConditions(loss: 0.1, reordering: 0.2, jitter: jitter)),
      .partition(slaves, from: Parties(zookeeper: true), isOneWay: true),
    ]
  }

  @Test("a fault that was written reads as itself")
  func coding() throws {
    for fault in try Self.all() {
      let timed = TimedFault(at: .start + .seconds(3), fault, until: .start + .seconds(5))
      let data = try JSONEncoder().encode(timed)
      #expect(try JSONDecoder().decode(TimedFault.self, from: data) == timed)
    }
  }

  @Test("a distribution that cannot be is not read either")
  func badDistribution() throws {
    let text = #"{"kind": {"exponential": {"mean": -1}}}"#
    #expect(throws: DistributionError.self) {
      try JSONDecoder().decode(Distribution.self, from: Data(text.utf8))
    }
  }
}
