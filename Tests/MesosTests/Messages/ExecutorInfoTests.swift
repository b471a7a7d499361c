// Part of mesosim. Apache-2.0, see LICENSE.

import Mesos
import Testing

@Suite("ExecutorInfo") struct ExecutorInfoTests {
  struct Change: Sendable, CustomTestStringConvertible {
    typealias Apply = @Sendable (inout ExecutorInfo) -> Void

    let testDescription: String
    let isCompatible: Bool
    let apply: Apply

    init(
      _ description: String, compatible: Bool, _ apply: @escaping Apply
    ) {
      (testDescription, isCompatible, self.apply) = (description, compatible, apply)
    }
  }

  private static let executor = ExecutorInfo(
    "e1",
    command: CommandInfo(
      "./run", arguments: ["run", "-v"],
      environment: [
        EnvironmentVariable(name: "A", value: "1"), EnvironmentVariable(name: "B", value: "2"),
      ],
      uris: [CommandInfo.URI("http://a/x"), CommandInfo.URI("http://a/y", isExecutable: true)]),
    resources: Resources(cpus: 0.1, mem: 32), data: [1, 2])

  /// Row 12 of the master's validation of tasks: what must be equal for an executor to be reused.
  static let changes = [
    Change("nothing", compatible: true) { _ in },
    Change("labels", compatible: true) { $0.labels = ["a": "b"] },
    Change("grace period", compatible: true) { $0.shutdownGracePeriod = .seconds(9) },
    Change("order of files", compatible: true) { $0.command?.uris.reverse() },
    Change("order of variables", compatible: true) { $0.command?.environment.reverse() },
    Change("caching of a file", compatible: true) { $0.command?.uris[0].isCached = true },
    Change("kind", compatible: false) { $0.kind = .custom },
    Change("id", compatible: false) { $0.executorID = "e2" },
    Change("data", compatible: false) { $0.data = [1] },
    Change("resources", compatible: false) { $0.resources = Resources(cpus: 0.2, mem: 32) },
    Change("command", compatible: false) { $0.command?.value = "./walk" },
    Change("no command", compatible: false) { $0.command = nil },
    Change("shell", compatible: false) { $0.command?.usesShell = false },
    Change("user", compatible: false) { $0.command?.user = "root" },
    Change("order of arguments", compatible: false) { $0.command?.arguments.reverse() },
    Change("one file twice", compatible: false) {
      $0.command?.uris = [CommandInfo.URI("http://a/x"), CommandInfo.URI("http://a/x")]
    },
    Change("a file's rights", compatible: false) { $0.command?.uris[0].isExecutable = true },
    Change("a file's place", compatible: false) { $0.command?.uris[0].outputFile = "z" },
    Change("a variable's value", compatible: false) { $0.command?.environment[0].value = "3" },
    Change("framework", compatible: false) { $0.frameworkID = "f" },
    Change("name", compatible: false) { $0.name = "n" },
    Change("source", compatible: false) { $0.source = "s" },
    Change("container", compatible: false) { $0.container = .docker("redis") },
    Change("discovery", compatible: false) { $0.discovery = DiscoveryInfo(.cluster) },
  ]

  @Test(
    "an executor is reused by a task that describes it alike in what counts", arguments: changes)
  func compatibility(_ change: Change) {
    var other = Self.executor
    change.apply(&other)
    #expect(Self.executor.isCompatible(with: other) == change.isCompatible)
    #expect(other.isCompatible(with: Self.executor) == change.isCompatible)
  }

  @Test("executors without commands can be alike, too")
  func withoutCommand() {
    let one = ExecutorInfo("e", kind: .default, command: nil)
    #expect(one.isCompatible(with: one))
  }

  @Test("resources are compared as lists, not as they were written")
  func resources() throws {
    var one = Self.executor
    var other = Self.executor
    one.resources = try Resources(parsing: "mem:32;cpus:1;disks:{a,b}")
    other.resources = try Resources(parsing: "disks:{b,a};cpus:0.5;cpus:0.5;mem:32")
    #expect(one.isCompatible(with: other))
  }
}
