// Part of mesosim. Apache-2.0, see LICENSE.
//
// The everyday path of the allocators: offers, shares, filters, partitions.

import MesosTestKit
import Testing

@Suite("DRF allocator, everyday path") struct SmokeTests {
  private static let resources = "cpus:4;mem:100"

  @Test("two frameworks in a role share the slaves evenly")
  func sharesEvenly() throws {
    let allocator = TestAllocator()
    for name in ["f0", "f1"] { try allocator.framework(name) }
    let owners = try (0..<10).flatMap { try allocator.slave("s\($0)", Self.resources) }
      .map(\.framework)
    #expect(owners.prefix(4) == ["f0", "f1", "f0", "f1"])
    #expect(owners.count { $0 == "f0" } == 5)
    #expect(owners.count == 10)
    #expect(allocator.advance(by: .seconds(3600)).isEmpty)
  }

  @Test("a refusal keeps the resources away until the first tick after its end")
  func refusal() throws {
    let allocator = TestAllocator()
    try allocator.framework("f")
    #expect(try allocator.slave("s", Self.resources).count == 1)
    allocator.advance(by: .milliseconds(300))
    #expect(try allocator.decline("f", "s", for: 5).isEmpty)
    // It ends at 5.3 s.
    #expect(allocator.ticks(5).isEmpty)
    #expect(allocator.tick().count == 1)
    #expect(allocator.now == .start + .seconds(6))
  }

  @Test("the static allocator deals slaves by share and leaves unlisted frameworks out")
  func partition() throws {
    let shares = ParameterValue.map([
      .init(key: "a", value: .number(3)), .init(key: "b", value: .number(1)),
    ])
    let request = AllocatorRequest(
      parameters: ["partition": .map([.init(key: "shares", value: shares)])])
    let allocator = try TestAllocator(named: "static", request)
    for name in ["a", "b", "c"] { try allocator.framework(name) }
    let owners = try (0..<8).flatMap { try allocator.slave("s\($0)", Self.resources) }
      .map(\.framework)
    #expect(owners.sorted() == ["a", "a", "a", "a", "a", "a", "b", "b"])
  }
}
