// swift-tools-version: 6.2
//
// The manifest is the architecture diagram: layers from the ways in (top) to the foundations
// (bottom). A target may import only what stands below it, and `.ci/run` holds it to that.

import PackageDescription

let argumentParser = Target.Dependency.product(
  name: "ArgumentParser", package: "swift-argument-parser")
let mustache = Target.Dependency.product(name: "Mustache", package: "swift-mustache")
let whenServing = TargetDependencyCondition.when(traits: ["Server"])
let yams = Target.Dependency.product(name: "Yams", package: "Yams")

let package = Package(
  name: "mesosim",
  products: [
    .executable(name: "mesosim", targets: ["mesosim"]),
    // With the trait Server; without it, it only says so.
    .executable(name: "mesosim-server", targets: ["mesosim-server"]),
    // For a framework that is to run anywhere.
    .library(name: "Mesos", targets: ["Mesos"]),
    // For a program with allocators, frameworks or readers of traces of its own.
    .library(name: "MesosimKit", targets: ["MesosimKit"]),
    // For the tests of such a program.
    .library(name: "MesosTestKit", targets: ["MesosTestKit"]),
    // Not for users: the nested Benchmarks package measures the layers one by one. What is in here
    // changes without notice.
    .library(
      name: "MesosimInternals",
      targets: ["MesosCluster", "MesosAllocation", "Mesos", "SimulationKernel", "VirtualTime"]),
  ],
  traits: [
    .trait(
      name: "Server", description: "mesosim-server: real clients on a simulated cluster, by HTTP.")
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
    .package(url: "https://github.com/hummingbird-project/swift-mustache", from: "2.1.1"),
    // Neither fetched nor built without the trait.
    .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1"),
    .package(url: "https://github.com/apple/swift-nio", from: "2.101.0"),
    .package(url: "https://github.com/apple/swift-nio-extras", from: "1.0.0"),
    .package(url: "https://github.com/apple/swift-http-types", from: "1.0.0"),
    .package(url: "https://github.com/apple/swift-log", from: "1.0.0"),
    .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.0.0"),
  ],
  targets: [
    // Ways in.
    .executableTarget(name: "mesosim", dependencies: ["MesosCommands"]),
    .target(
      name: "MesosCommands",
      dependencies: [
        "ScenarioExploration", "MesosExploration", "MesosScenarios", "MesosReports",
        "MesosConformance", "MesosGate", "MesosCluster", "FileSystem", argumentParser,
      ]),

    .executableTarget(name: "mesosim-server", dependencies: ["MesosServer"]),
    .target(
      name: "MesosServer",
      dependencies: [
        "MesosCommands", "MesosConformance", "MesosReports", "MesosGate", "MesosOperator",
        "MesosScenarios", "MesosCluster", "Mesos", "FileSystem", "VirtualTime", argumentParser,
        .product(name: "HummingbirdCore", package: "hummingbird", condition: whenServing),
        .product(name: "NIOCore", package: "swift-nio", condition: whenServing),
        .product(name: "NIOPosix", package: "swift-nio", condition: whenServing),
        .product(name: "NIOHTTPTypes", package: "swift-nio-extras", condition: whenServing),
        .product(name: "HTTPTypes", package: "swift-http-types", condition: whenServing),
        .product(name: "Logging", package: "swift-log", condition: whenServing),
        .product(
          name: "ServiceLifecycle", package: "swift-service-lifecycle", condition: whenServing),
      ]),

    // An example: a framework as a stranger writes it.
    .target(name: "ExampleFramework", dependencies: ["Mesos"]),
    // An example: a program with all commands, and an allocator, two frameworks and a reader of
    // traces of its own.
    .executableTarget(
      name: "BringYourOwn", dependencies: ["MesosimKit"], exclude: ["Scenarios"]),
    // One import for such a program.
    .target(
      name: "MesosimKit",
      dependencies: [
        "MesosCommands", "MesosScenarios", "MesosMetrics", "MesosWorkloads", "MesosFrameworks",
        "MesosAllocation", "Mesos", "SimulationKernel",
      ]),

    // Many runs of scenarios: those by chance, held to what must be true of all, and a user's own
    // with faults by chance; no testing library.
    .target(
      name: "ScenarioExploration",
      dependencies: [
        "MesosExploration", "MesosScenarios", "MesosWorkloads", "MesosFrameworks", "MesosCluster",
        "MesosMetrics", "MesosAllocation", "Mesos", "SimulationKernel", "VirtualTime", "Threads",
      ]),

    // Where clients outside and the simulation meet: calls in, records out, what came in written down
    // and played again. No sockets, no wall clock.
    .target(
      name: "MesosGate",
      dependencies: [
        "MesosScenarios", "MarathonREST", "MesosFrameworks", "MesosOperator", "MesosCluster",
        "MesosV1", "Mesos", "SimulationKernel", "VirtualTime",
      ]),

    // Assembly: a YAML file becomes a running simulation.
    .target(
      name: "MesosScenarios",
      dependencies: [
        "MesosCluster", "MesosFrameworks", "MesosWorkloads", "MesosMetrics", "FileSystem",
        "Threads", yams,
      ]),

    // Results.
    .target(
      name: "MesosReports", dependencies: ["MesosMetrics", "FileSystem", "CViewer", mustache],
      exclude: ["Viewer"]),
    // The viewer's files, in the program.
    .target(
      name: "CViewer", path: "Sources/MesosReports/Viewer",
      exclude: [
        "viewer.html", "viewer.css", "core.js", "charts.js", "acts.js", "services.js",
        "compare.js", "views.js", "live.js",
      ]),
    .target(name: "MesosMetrics", dependencies: ["MesosCluster", "CGSL"]),

    // Recorded behaviour: case files against the product.
    .target(
      name: "MesosConformance",
      dependencies: [
        "MesosFrameworks", "MesosOperator", "MesosCluster", "MesosAllocation", "MesosV1", "Mesos",
        "SimulationKernel", "VirtualTime",
      ]),

    // What Marathon's users ask of it under HTTP, as values.
    .target(
      name: "MarathonREST", dependencies: ["MesosFrameworks", "MesosOperator", "Mesos"]),

    // Content: what runs on the cluster.
    .target(
      name: "MesosWorkloads", dependencies: ["MesosFrameworks", "SimulationKernel", "FileSystem"]),
    .target(name: "MesosFrameworks", dependencies: ["Mesos"]),

    // What operators ask of a master under HTTP, as values.
    .target(
      name: "MesosOperator",
      dependencies: ["MesosCluster", "MesosAllocation", "MesosV1", "Mesos", "VirtualTime"]),

    // For tests of one's own frameworks and allocators: a cluster in the test's hands, and laws.
    .target(
      name: "MesosTestKit",
      dependencies: [
        "MesosExploration", "MesosCluster", "MesosAllocation", "Mesos", "SimulationKernel",
        "VirtualTime",
      ]),

    // Named choices, and how the smallest of them are found that still fail: knows no scenarios, so
    // that a test of one's own is built quickly.
    .target(
      name: "MesosExploration",
      dependencies: [
        "MesosCluster", "Mesos", "SimulationKernel", "VirtualTime", "FileSystem", "Threads",
      ]),

    // The cluster.
    .target(name: "MesosCluster", dependencies: ["MesosAllocation", "Mesos", "SimulationKernel"]),
    .target(name: "MesosAllocation", dependencies: ["Mesos", "VirtualTime"]),

    // How clients write to a master and read what it says: the v1 API's JSON.
    .target(name: "MesosV1", dependencies: ["Mesos", "VirtualTime"]),

    // Foundations.
    .target(name: "Mesos", dependencies: ["VirtualTime"]),
    .target(name: "SimulationKernel", dependencies: ["VirtualTime", "CGSL", "CPrefetch"]),
    .target(name: "VirtualTime"),
    .target(name: "FileSystem"),
    .target(name: "Threads"),
    .systemLibrary(name: "CPrefetch"),
    .systemLibrary(name: "CGSL", pkgConfig: "gsl", providers: [.apt(["libgsl-dev"])]),

    // Tests mirror the sources.
    .testTarget(name: "MesosCommandsTests", dependencies: ["MesosCommands", "mesosim"]),
    .testTarget(
      name: "MesosGateTests",
      dependencies: ["MesosGate", "MesosOperator", "MesosScenarios", "Mesos", "VirtualTime"]),
    .testTarget(
      name: "MarathonRESTTests",
      dependencies: [
        "MarathonREST", "MesosFrameworks", "MesosOperator", "MesosTestKit", "Mesos", "VirtualTime",
      ]),
    .testTarget(name: "MesosimKitTests", dependencies: ["MesosimKit"]),
    .testTarget(name: "BringYourOwnTests", dependencies: ["MesosMetrics", "BringYourOwn"]),
    .testTarget(
      name: "ScenarioExplorationTests",
      dependencies: ["ScenarioExploration", "MesosExploration", "MesosScenarios"]),
    .testTarget(name: "MesosExplorationTests", dependencies: ["MesosExploration"]),
    .testTarget(name: "MesosScenariosTests", dependencies: ["MesosScenarios", "MesosReports"]),
    .testTarget(name: "MesosReportsTests", dependencies: ["MesosReports", "FileSystem"]),
    .testTarget(name: "MesosMetricsTests", dependencies: ["MesosMetrics"]),
    .testTarget(name: "MesosWorkloadsTests", dependencies: ["MesosWorkloads"]),
    .testTarget(
      name: "MesosFrameworksTests", dependencies: ["MesosFrameworks", "MesosTestKit"]),
    .testTarget(
      name: "ExampleFrameworkTests", dependencies: ["ExampleFramework", "MesosTestKit"]),
    .testTarget(
      name: "MesosClusterTests", dependencies: ["MesosCluster", "MesosTestKit"],
      exclude: ["Transcripts"]),
    .testTarget(
      name: "MesosAllocationTests",
      dependencies: ["MesosAllocation", "MesosConformance", "MesosTestKit"],
      exclude: ["Transcripts"], resources: [.copy("Cases")]),
    .testTarget(
      name: "MesosTestKitTests",
      dependencies: ["MesosTestKit", "MesosFrameworks", "ExampleFramework"],
      exclude: ["Cluster/Transcripts"]),
    .testTarget(
      name: "MesosConformanceTests", dependencies: ["MesosConformance"],
      resources: [.copy("Cases")]),
    .testTarget(
      name: "MesosOperatorTests",
      dependencies: ["MesosOperator", "MesosCluster", "MesosAllocation", "Mesos"]),
    .testTarget(name: "MesosV1Tests", dependencies: ["MesosV1", "Mesos"]),
    .testTarget(name: "MesosTests", dependencies: ["Mesos"]),
    .testTarget(name: "SimulationKernelTests", dependencies: ["SimulationKernel"]),
    .testTarget(name: "FileSystemTests", dependencies: ["FileSystem"]),
    .testTarget(name: "ThreadsTests", dependencies: ["Threads"]),
    .testTarget(name: "VirtualTimeTests", dependencies: ["VirtualTime"]),
    .testTarget(name: "TidyTests"),
    // For the tier on optimized programs.
    .executableTarget(
      name: "MessageTier", dependencies: ["MesosV1", "Mesos"], path: "Tests/MessageTier"),
  ],
  swiftLanguageModes: [.v6]
)

// One set of rules for every target; CI sets MESOSIM_STRICT to make warnings errors.
for target in package.targets where target.type != .system {
  target.swiftSettings = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
  ]
  if Context.environment["MESOSIM_STRICT"] != nil {
    target.swiftSettings?.append(.treatAllWarnings(as: .error))
  }
}
