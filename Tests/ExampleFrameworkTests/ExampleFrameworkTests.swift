// Part of mesosim. Apache-2.0, see LICENSE.

import ExampleFramework
import Foundation
import MesosTestKit
import Testing

@Suite("A framework of a stranger's")
struct ExampleFrameworkTests {
  @Test("runs on a cluster, all its tasks once")
  func runs() throws {
    let cluster = try TestCluster(slaves: 2, each: "cpus:2;mem:1024")
    let example = cluster.register("example") { ExampleFramework(tasks: 6, environment: $0) }
    // Two rounds of 20 s on four cpus.
    try cluster.run(for: .seconds(40))
    try cluster.runToEnd(within: .seconds(20))
    try example.expect(.finished(6))
    #expect(example.tasks.count == 6)
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
}
