// Part of mesosim. Apache-2.0, see LICENSE.

import ExampleFramework
import Foundation
import Mesos
import MesosAllocation
import MesosCluster
import SimulationKernel
import Testing
import VirtualTime

@Suite("A framework of a stranger's")
struct ExampleFrameworkTests {
  @Test("runs on a cluster, all its tasks once")
  func runs() throws {
    let simulation = Simulation(seed: 1)
    let network = Network(
      latency: try Distribution(.constant(0.001)), key: simulation.seeds.key("network/latency"))
    let setup = ClusterSetup(
      slaves: (0..<2).map {
        SlaveInfo(hostname: "node-\($0)", resources: Resources(cpus: 2, mem: 1024))
      },
      frameworks: [
        ClusterSetup.Framework(
          info: FrameworkInfo(name: "example"),
          makeScheduler: { ExampleFramework(tasks: 6, environment: $0) })
      ],
      network: network)
    let allocator = try AllocatorRegistry().make("drf", AllocatorRequest())
    let cluster = Cluster(setup, allocator: allocator, on: simulation)
    let facts = Facts()
    cluster.recorder.attach(facts)
    cluster.start()
    while let next = simulation.nextInstant, next < .start + .seconds(300), simulation.step() {}
    #expect(facts.finishedJobs == 1)
    // Two rounds of 20 s on four cpus.
    #expect(facts.end > .start + .seconds(40))
    #expect(facts.end < .start + .seconds(60))
  }

  @Test("imports Mesos alone, in less than 60 lines")
  func isSmall() throws {
    let file = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appending(
        path: "Sources/ExampleFramework/ExampleFramework.swift")
    let lines = try String(contentsOf: file, encoding: .utf8).split(
      separator: "\n", omittingEmptySubsequences: false)
    #expect(lines.count <= 60)
    #expect(lines.filter { $0.contains("import ") } == ["public import Mesos"])
  }

  private final class Facts: ClusterEventSink {
    var finishedJobs = 0
    var end = Instant.start

    func record(_ event: ClusterEvent, at instant: Instant) {
      guard case .jobFinished = event else { return }
      finishedJobs += 1
      end = instant
    }
  }
}
