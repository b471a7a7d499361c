// swift-tools-version: 6.2
//
// Benchmarks, a package of their own, so that ordinary builds never fetch their dependencies.
//
//     swift run -c release KernelRatios     # ours against C++, exits 1 when too slow
//     swift run -c release ResourcesTimes   # the algebra of resources, exits 1 when too slow
//     swift run -c release AllocatorTimes   # allocations, exits 1 when too slow
//     swift run -c release ClusterTimes     # whole clusters, exits 1 when too slow or too large
//     swift run -c release WholeCellOffers  # offers that nobody uses, exits 1 when too dear
//     swift run -c release FrameworkTimes   # tasks of Aurora and brokers of Kafka, likewise
//     swift package benchmark               # times, to compare with a stored baseline

import PackageDescription

let internals = Target.Dependency.product(name: "MesosimInternals", package: "mesosim")

let package = Package(
  name: "Benchmarks",
  platforms: [.macOS(.v15)],
  dependencies: [
    .package(name: "mesosim", path: ".."),
    .package(url: "https://github.com/ordo-one/benchmark", exact: "1.38.1", traits: []),
  ],
  targets: [
    .executableTarget(
      name: "KernelRatios", dependencies: ["KernelLoads", "AllocationCounter", "ProcessMeter"]),
    .executableTarget(
      name: "ResourcesTimes", dependencies: ["ResourcesLoads", "AllocationCounter", "ProcessMeter"]),
    .executableTarget(
      name: "ResourcesBenchmarks",
      dependencies: ["ResourcesLoads", .product(name: "Benchmark", package: "benchmark")],
      path: "Benchmarks/ResourcesBenchmarks",
      plugins: [.plugin(name: "BenchmarkPlugin", package: "benchmark")]),
    .target(
      name: "ResourcesLoads", dependencies: [internals]),
    .executableTarget(name: "AllocatorTimes", dependencies: ["AllocatorLoads", "ProcessMeter"]),
    .executableTarget(
      name: "ClusterTimes",
      dependencies: [
        "ProcessMeter",
        internals,
      ]),
    .executableTarget(
      name: "WholeCellOffers",
      dependencies: [
        "ProcessMeter", internals, .product(name: "MesosimKit", package: "mesosim"),
      ]),
    .executableTarget(
      name: "FrameworkTimes",
      dependencies: [
        "ProcessMeter", internals, .product(name: "MesosimKit", package: "mesosim"),
      ]),
    .executableTarget(
      name: "AllocatorBenchmarks",
      dependencies: ["AllocatorLoads", .product(name: "Benchmark", package: "benchmark")],
      path: "Benchmarks/AllocatorBenchmarks",
      plugins: [.plugin(name: "BenchmarkPlugin", package: "benchmark")]),
    .target(
      name: "AllocatorLoads",
      dependencies: [
        internals
      ]),
    .executableTarget(
      name: "KernelBenchmarks",
      dependencies: ["KernelLoads", .product(name: "Benchmark", package: "benchmark")],
      path: "Benchmarks/KernelBenchmarks",
      plugins: [.plugin(name: "BenchmarkPlugin", package: "benchmark")]),
    .target(
      name: "KernelLoads",
      dependencies: [
        "KernelReference", internals,
      ]),
    .target(name: "KernelReference"),
    .target(name: "AllocationCounter"),
    .target(name: "ProcessMeter"),
  ],
  swiftLanguageModes: [.v6],
  cxxLanguageStandard: .cxx17
)
