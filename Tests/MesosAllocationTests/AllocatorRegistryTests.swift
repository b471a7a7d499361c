// Part of mesosim. Apache-2.0, see LICENSE.
//
// Naming allocators: what is known, what is refused and how the refusal reads.

import Mesos
import MesosAllocation
import Testing
import VirtualTime

@Suite("Naming allocators")
struct AllocatorRegistryTests {
  private static let shipped = [
    "drf", "static", "role", "fifo", "fair", "asset", "ceei", "lottery", "random", "hdrf",
    "constrained", "optimistic",
  ]

  private func refusal(
    _ name: String, _ parameters: Parameters = Parameters()
  ) -> String? {
    do throws(ParameterError) {
      _ = try AllocatorRegistry().make(name, AllocatorRequest(parameters: parameters))
      return nil
    } catch {
      return error.description
    }
  }

  private func map(_ entries: KeyValuePairs<String, ParameterValue>)
    -> ParameterValue
  {
    .map(entries.map { .init(key: $0.key, value: $0.value) })
  }

  @Test("ours ship, each with a line about itself")
  func ours() {
    let registry = AllocatorRegistry()
    #expect(registry.descriptors.map(\.name) == Self.shipped)
    for descriptor in registry.descriptors {
      #expect(!descriptor.summary.isEmpty)
      #expect(refusal(descriptor.name) == nil)
    }
  }

  @Test("an unknown name or key is refused with what there is")
  func unknown() {
    #expect(
      refusal("drff") == "no allocator is called 'drff'; there are "
        + Self.shipped.joined(separator: ", "))
    #expect(
      refusal("static", ["parts": .flag(true)])
        == "parts: allocator 'static' has no such key; it has partition")
    #expect(
      refusal("static", ["partition": map(["share": .number(1)])])
        == "partition.share: no such key; there are by, slaves, counts, shares")
  }

  @Test("values without sense are refused with what was expected")
  func senseless() {
    #expect(
      refusal("drf", ["fairnessExclude": .text("disk")])
        == "fairnessExclude: found 'disk'; expected a list such as [disk, gpus]")
    #expect(
      refusal("drf", ["filterGPUs": .number(1)]) == "filterGPUs: found 1; expected true or false")
    let cases: [(ParameterValue, String)] = [
      (map(["by": .text("slave")]), "partition.by: found 'slave'; expected 'framework' or 'role'"),
      (
        map(["counts": map(["a": .number(1.5)])]),
        "partition.counts.a: found 1.5; expected a whole number from 0 to 999999999"
      ),
      (
        map(["shares": map(["a": .number(-1)])]),
        "partition.shares.a: found -1; expected a number from 0 to 1000000000"
      ),
      (
        map(["shares": map(["a": .number(.nan)])]),
        "partition.shares.a: found nan; expected a number from 0 to 1000000000"
      ),
      (
        map(["shares": map(["a": .number(0)])]),
        "partition.shares: gives no one anything; expected at least one above 0"
      ),
      (
        map(["shares": map(["a": .number(1), "a": .number(2)])]),
        "partition.shares.a: is listed twice; list each name once"
      ),
      (
        map(["shares": map(["a": .number(1)]), "counts": map(["a": .integer(1)])]),
        "partition.counts: expected one map of names to numbers, either counts or shares"
      ),
    ]
    for (partition, expected) in cases {
      #expect(refusal("static", ["partition": partition]) == expected)
    }
  }

  @Test("parameters of policies without sense are refused with what was expected")
  func senselessPolicies() {
    let cases: [(String, String, ParameterValue, String)] = [
      ("fifo", "offerUnit", .text("rack"), "offerUnit: found 'rack'; expected 'slave' or 'task'"),
      ("fair", "slot", .text("cpus:1"), "slot: only means something with 'resource: slots'"),
      (
        "lottery", "tickets", map(["a": .number(0)]),
        "tickets.a: found 0; expected a number above 0, at most 1000000000"
      ),
      (
        "lottery", "tickets", .number(3),
        "tickets: found 3; expected a map such as {web: 2, batch: 1}"
      ),
      (
        "role", "priorities", .list([.text("a"), .text("a")]),
        "priorities: 'a' is listed twice; list each role once"
      ),
      (
        "role", "dedicated", map(["a": .number(1)]),
        "dedicated.a: found 1; expected a text, or a list of such"
      ),
      (
        "constrained", "constraints", .text("rack:r1"),
        "constraints: found 'rack:r1'; expected a map such as {web: 'rack:r1'}"
      ),
      (
        "optimistic", "conflicts", .flag(true),
        "conflicts: found true; expected 'fine' or 'coarse'"
      ),
    ]
    for (name, key, value, expected) in cases {
      #expect(refusal(name, [key: value]) == expected)
    }
    let slots: Parameters = ["resource": .text("slots"), "slot": .text("")]
    #expect(
      refusal("fair", slots)
        == "slot: a slot of nothing; expected amounts such as cpus:1;mem:1024")
    let unreadable = refusal("role", ["dedicated": map(["a": .text("rack")])])
    #expect(unreadable?.contains("expected name:value such as rack:r1") == true)
  }

  @Test("static without a partition gives every framework of the scenario an equal share")
  func defaults() throws {
    let request = AllocatorRequest(frameworks: [("a", ["x"]), ("b", ["x"])])
    let made = try AllocatorRegistry().make("static", request)
    let allocator = try #require(made as? StaticPartitionAllocator)
    #expect(allocator.partition.parties == ["a", "b"])
    #expect(!allocator.partition.rules[0].isCounted)
  }

  @Test("an allocator of one's own can be named, also in place of ours")
  func own() throws {
    var registry = AllocatorRegistry()
    registry.register(
      AllocatorDescriptor(name: "mine", summary: "first come, first served") {
        request throws(ParameterError) in HierarchicalAllocator(request.options)
      })
    registry.register(
      AllocatorDescriptor(name: "drf", summary: "another") {
        request throws(ParameterError) in HierarchicalAllocator(request.options)
      })
    #expect(registry.descriptors.map(\.name) == Self.shipped + ["mine"])
    #expect(registry["drf"]?.summary == "another")
    #expect(try registry.make("mine") is HierarchicalAllocator)
  }
}
