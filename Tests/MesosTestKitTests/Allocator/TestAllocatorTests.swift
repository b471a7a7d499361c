// Part of mesosim. Apache-2.0, see LICENSE.

import MesosTestKit
import Testing

@Suite("An allocator in the hands of a test")
struct TestAllocatorTests {
  @Test("each call returns what is offered at once, by names")
  func names() throws {
    let allocator = TestAllocator()
    #expect(try allocator.framework("web").isEmpty)
    let offers = try allocator.slave("s1", "cpus:4;mem:4096")
    #expect(offers.map(\.description) == ["s1: cpus:4; mem:4096 to web as *"])
    #expect(try allocator.decline("web", "s1", for: 5).isEmpty)
    #expect(allocator.ticks(4).isEmpty)
    #expect(allocator.tick() == offers)
    #expect(allocator.now == .start + .seconds(5))
    // A part of it comes back, and is offered with the next tick.
    #expect(try allocator.finish("web", "s1", "cpus:1;mem:96").isEmpty)
    #expect(allocator.tick().map(\.resources) == [Resources(cpus: 1, mem: 96)])
  }

  @Test("quota, weights, suppression and who leaves")
  func others() throws {
    let allocator = TestAllocator()
    try allocator.framework("a", roles: ["a"])
    try allocator.framework("b", roles: ["b"])
    try allocator.quota("b", guarantee: "cpus:4", limit: "cpus:4;mem:512")
    #expect(try allocator.slave("s1", "cpus:4;mem:512").map(\.framework) == ["b"])
    #expect(try allocator.slave("s2", "cpus:4;mem:512").map(\.framework) == ["a"])
    try allocator.suppress("a")
    #expect(try allocator.slave("s3", "cpus:4;mem:512").isEmpty)
    #expect(try allocator.revive("a").map(\.slave) == ["s3"])
    try allocator.removeFramework("b")
    #expect(try allocator.removeSlave("s2").isEmpty)
    #expect(allocator.weight("a", 2).isEmpty)
  }

  @Test("any allocator by its name")
  func byName() throws {
    let allocator = try TestAllocator(named: "fifo")
    try allocator.framework("first")
    try allocator.framework("second")
    #expect(try allocator.slave("s1", "cpus:4;mem:512").map(\.framework) == ["first"])
    #expect(throws: ParameterError.self) { try TestAllocator(named: "nobody's") }
  }

  @Test("names that are wrong or taken, and what is not held, are told")
  func mistakes() throws {
    let allocator = TestAllocator()
    try allocator.framework("web")
    try allocator.slave("s1", "cpus:4;mem:512")
    func message(_ body: () throws -> Void) throws -> String {
      try #require(throws: CommandError.self, performing: body).description
    }
    #expect(try message { try allocator.framework("web") }.hasPrefix("'web' is not understood"))
    #expect(try message { try allocator.slave("s1", "cpus:1") }.contains("there is a slave"))
    #expect(try message { try allocator.decline("we", "s1") }.contains("no framework is called"))
    #expect(
      try message { try allocator.finish("web", "s1", "cpus:5") }.contains("does not hold cpus:5"))
    #expect(throws: ResourceSyntaxError.self) { try allocator.slave("s2", "cpus:four") }
    for line in ["decline web s1", "dance", "policy nobody", "quota", "slave s9"] {
      #expect(throws: (any Error).self, "\(line)") { try allocator.execute(line) }
    }
  }
}
