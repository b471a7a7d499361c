// Part of mesosim. Apache-2.0, see LICENSE.

import Mesos
import Testing

@Suite("Resources") struct ResourcesTests {
  @Test("amounts are kept to thousandths, half away from zero")
  func rounding() {
    #expect(Resources(cpus: 0.1) + Resources(cpus: 0.2) == Resources(cpus: 0.3))
    #expect(Resources(cpus: 0.0005).thousandths(of: "cpus") == 1)
    #expect(Resources(cpus: 1.2345).description == "cpus:1.235")
  }

  @Test(
    "negative, infinite and undefined amounts count as none",
    arguments: [
      -1, .infinity, -.infinity, .nan, 1e16,
    ])
  func impossibleAmounts(amount: Double) {
    #expect(Resources(cpus: amount, mem: 1) == Resources(mem: 1))
  }

  @Test("a list whose every amount is zero is empty")
  func empty() {
    #expect(Resources().isEmpty)
    #expect(Resources(cpus: 0).isEmpty)
    #expect((Resources(cpus: 1) - Resources(cpus: 1)).isEmpty)
    #expect(Resources().description == "{}")
  }

  @Test("sums run over all roles, reservations and disks")
  func totals() throws {
    let mount = Resource("disk", .scalar(try #require(Scalar(7))), disk: .mount("/m"))
    let list =
      try Resources(parsing: "cpus:1;cpus(a):2;mem(b):3;disk:4;fds:5;fds(a):6;ports:[1-2]")
      + Resources([mount])
    #expect(list.cpus == 3)
    #expect(list.mem == 3)
    #expect(list.disk == 11)
    #expect(list.gpus == 0)
    #expect(list.standardTotals == SIMD4(3000, 3000, 11000, 0))
    #expect(list.thousandths(of: "fds") == 11000)
    #expect(list.thousandths(of: "cpu") == 3000)
    #expect(list.scalarQuantities.description == "cpus:3; disk:11; fds:11; mem:3")
    #expect(list.quantities.description == "cpus:3; disk:11; fds:11; mem:3; ports:2")
  }

  @Test("sums end at the largest integer instead of overflowing")
  func saturation() {
    var list = Resources(cpus: 9e15)
    list += list
    #expect(list.thousandths(of: "cpus") == .max)
    #expect(list.contains(Resources(cpus: 9e15)))
    #expect(list.scalarQuantities["cpus"] == .max)
  }

  @Test(
    "a list is made of its entries",
    arguments: [
      "{}", "cpus:1", "cpus(a):1; cpus(b):2; ports(a):[1-2]",
      "cpus:1; disks:{b, a}; fds:3; mem(a):2",
    ])
  func entries(text: String) throws {
    let list = try text == "{}" ? Resources() : Resources(parsing: text)
    #expect(list.description == text)
    #expect(Resources(list.entries) == list)
    #expect(Resources(list.entries.reversed()) == list)
  }

  @Test("empty and invalid entries are left out of a list")
  func invalidEntries() throws {
    let one = Resource.Value.scalar(Scalar(thousandths: 1000))
    let entries = [
      Resource("", one),
      Resource("cpus", .scalar(Scalar(thousandths: 0))),
      Resource("ports", .ranges(ValueRanges([ValueRange(5, 1)]))),
      Resource("cpus", one, reservations: [Reservation(.fixed, role: "a//b")]),
      Resource("cpus", one, reservations: [Reservation(.fixed, role: "*")]),
      Resource("mem", one, disk: .mount("/m")),
      Resource("disk", one, isShared: true),
    ]
    #expect(Resources(entries).isEmpty)
    #expect(Resources(entries + [Resource("mem", one)]) == Resources(mem: 1))
  }

  @Test("cpu is another name of cpus")
  func alias() throws {
    #expect(Resource("cpu", .scalar(Scalar(thousandths: 1))).name == "cpus")
    #expect(try Resources(parsing: "cpu:1;cpus:2").description == "cpus:3")
    #expect(try Resources(parsing: "CPU:1").description == "CPU:1")
  }

  @Test("gpus must be whole for tasks only")
  func wholeGpus() throws {
    #expect(try !Resources(parsing: "gpus:1.5").hasWholeGpus)
    #expect(try Resources(parsing: "gpus:2;cpus:0.5").hasWholeGpus)
  }

  @Test(
    "changing a copy leaves the list alone, and nothing is left of a list without itself",
    arguments: [
      "cpus:4;ports:[1-9]", "cpus(a):4;ports(a):[1-9];cpus:1", "cpus:1;disks:{a,b};cpus(b):2",
    ])
  func copies(text: String) throws {
    let whole = try Resources(parsing: text)
    var copy = whole
    copy += try Resources(parsing: "ports:[20-29];cpus(c):1;sets:{x}")
    copy -= try Resources(parsing: "cpus:1;ports:[1-2];disks:{a};cpus(a):1;cpus(b):1")
    #expect(try whole == Resources(parsing: text))
    #expect(copy != whole)
    #expect((whole - whole).isEmpty)
    #expect((whole - whole).hashValue == Resources().hashValue)
  }
}

extension DiskInfo {
  static func mount(_ root: String) -> DiskInfo { DiskInfo(source: Source(.mount, root: root)) }
  static func path(_ root: String) -> DiskInfo { DiskInfo(source: Source(.path, root: root)) }
}
