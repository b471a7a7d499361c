// Part of mesosim. Apache-2.0, see LICENSE.

import Mesos
import Testing

@Suite("Resource arithmetic") struct ResourcesArithmeticTests {
  private let ten = Resource.Value.scalar(Scalar(thousandths: 10_000))
  private let four = Resource.Value.scalar(Scalar(thousandths: 4000))

  @Test(
    "entries on different terms stay apart and never satisfy one another",
    arguments: [
      Resource("cpus", .one, reservations: [Reservation(.fixed, role: "a")]),
      Resource("cpus", .one, reservations: [Reservation(.dynamic, role: "a")]),
      Resource("cpus", .one, reservations: [Reservation(.dynamic, role: "a", principal: "p")]),
      Resource("cpus", .one, isRevocable: true),
      Resource("cpus", .one, allocationRole: "a"),
      Resource("cpus", .one, providerID: "p"),
      Resource("mem", .one),
    ])
  func termsMatter(other: Resource) {
    let plain = Resources(cpus: 1)
    let list = plain + Resources([other])
    #expect(list.entries.count == 2)
    #expect(!plain.contains(Resources([other])))
    #expect(!Resources([other]).contains(plain))
    #expect(list - Resources([other]) == plain)
    #expect(plain - Resources([other]) == plain)
  }

  // Method: names and terms in several orders; what a name has is known without adding anything up.
  @Test("many kinds on different terms are found in whatever order they come")
  func manyKinds() {
    func kinds(_ numbers: some Sequence<Int>) -> [Resource] {
      numbers.flatMap { number in
        let amount = Resource.Value.scalar(Scalar(thousandths: Int64(number + 1) * 1000))
        let reserved = [Reservation(.fixed, role: number.isMultiple(of: 2) ? "b" : "a")]
        return [
          Resource("k\(number)", amount, reservations: reserved), Resource("k\(number)", amount),
        ]
      }
    }
    let all = Resources(kinds(0..<60))
    let scattered = (0..<60).map { $0 * 37 % 60 }
    let some = scattered.filter { $0.isMultiple(of: 3) }
    for order in [scattered, scattered.reversed()] {
      #expect(Resources(kinds(order)) == all)
      #expect(all.contains(Resources(kinds(order))))
      #expect((all - Resources(kinds(order))).isEmpty)
      #expect((all + Resources(kinds(order))) - all == all)
    }
    let rest = all - Resources(kinds(some))
    #expect(rest == Resources(kinds((0..<60).filter { !$0.isMultiple(of: 3) })))
    #expect(!rest.contains(Resources(kinds([0]))) && rest.contains(Resources(kinds([1]))))
    #expect(rest.scalarQuantities["k1"] == 4000 && rest.scalarQuantities["k3"] == 0)
    #expect(all.scalarQuantities - rest.scalarQuantities == Resources(kinds(some)).scalarQuantities)
    #expect(all.scalarQuantities.contains(rest.scalarQuantities))
    #expect(!rest.scalarQuantities.contains(all.scalarQuantities))
  }

  @Test("labels of a reservation are part of it, in whatever order")
  func labels() {
    func list(_ keys: [String]) -> Resources {
      let labels = keys.map { Label(key: $0) }
      let reservation = Reservation(.dynamic, role: "a", labels: labels)
      return Resources([Resource("cpus", .one, reservations: [reservation])])
    }
    #expect(list(["x", "y"]) == list(["y", "x"]))
    #expect(list(["x", "y"]) != list(["x"]))
    #expect((list(["x", "y"]) + list(["y", "x"])).entries.count == 1)
  }

  @Test("mounts never merge and are given out whole")
  func mounts() {
    let mount = Resources([Resource("disk", ten, disk: .mount("/m"))])
    let smaller = Resources([Resource("disk", four, disk: .mount("/m"))])
    #expect((mount + mount).entries.count == 2)
    #expect(mount - smaller == mount)
    #expect((mount - mount).isEmpty)
    #expect(!mount.contains(smaller))
    #expect((mount + mount - mount).entries.count == 1)
  }

  @Test("one mount contains two like it, as each is looked for on its own")
  func repeatedMounts() {
    let mount = Resources([Resource("disk", ten, disk: .mount("/m"))])
    #expect(mount.contains(mount + mount))
    #expect(mount == mount + mount)
    #expect(mount.hashValue == (mount + mount).hashValue)
  }

  @Test("paths merge and divide")
  func paths() {
    let path = Resources([Resource("disk", ten, disk: .path("/p"))])
    let smaller = Resources([Resource("disk", four, disk: .path("/p"))])
    #expect((path + smaller).description == "disk[PATH:/p]:14")
    #expect((path - smaller).description == "disk[PATH:/p]:6")
    #expect(path.contains(smaller))
    #expect(!path.contains(Resources([Resource("disk", four, disk: .path("/q"))])))
  }

  @Test("a persistent volume is used up by a match, and where it appears does not matter")
  func volumes() {
    func volume(_ path: String) -> Resources {
      let disk = DiskInfo(persistenceID: "v", containerPath: path)
      let role = [Reservation(.fixed, role: "a")]
      return Resources([Resource("disk", ten, reservations: role, disk: disk)])
    }
    #expect(volume("x") == volume("y"))
    #expect(!volume("x").contains(volume("x") + volume("x")))
    #expect((volume("x") + volume("x")).contains(volume("y") + volume("x")))
    #expect((volume("x") - volume("y")).isEmpty)
    #expect(volume("x").persistentVolumes == volume("x"))
    #expect(volume("x").description == "disk(a)[v:x]:10")
  }

  @Test("shared volumes are counted, not summed")
  func shared() {
    let disk = DiskInfo(persistenceID: "v")
    let role = [Reservation(.fixed, role: "a")]
    let one = Resources([Resource("disk", ten, reservations: role, disk: disk, isShared: true)])
    let two = one + one
    #expect(two.entries.count == 1)
    #expect(two.disk == 10)
    #expect(two.description == "disk(a)[v]<SHARED>:10<2>")
    #expect(two.contains(one) && !one.contains(two))
    #expect(two - one == one)
    #expect((one - two).isEmpty)
    #expect(two.shared == two)
  }

  @Test("an order of additions does not matter, down to the hash and the text")
  func order() throws {
    let parts = try ["cpus(b):1", "cpus(a):1", "mem:1", "fds:1", "cpus(a/b):1", "x:[1-2]", "a:{x}"]
      .map { try Resources(parsing: $0) }
    let forward = parts.reduce(Resources(), +)
    let backward = parts.reversed().reduce(Resources(), +)
    #expect(forward == backward)
    #expect(forward.hashValue == backward.hashValue)
    #expect(forward.description == backward.description)
  }

  @Test("when the first holding is used up the next takes its place")
  func promotion() throws {
    var list = try Resources(parsing: "cpus:1;cpus(a):2;cpus(b):3")
    list -= Resources(cpus: 1)
    #expect(list == (try Resources(parsing: "cpus(b):3;cpus(a):2")))
    list -= try Resources(parsing: "cpus(a):5;cpus(b):1")
    #expect(list.description == "cpus(b):2")
    #expect((list - list) == Resources())
  }

  @Test("what is reserved for a role or its ancestors is allocatable to it")
  func allocatable() throws {
    let list = try Resources(parsing: "cpus:1;cpus(a):2;cpus(a/b):4;cpus(c):8;x(a):{y};x(c):{z}")
    #expect(list.allocatable(to: "a/b").description == "cpus:1; cpus(a):2; cpus(a/b):4; x(a):{y}")
    #expect(list.allocatable(to: "a").description == "cpus:1; cpus(a):2; x(a):{y}")
    #expect(list.allocatable(to: "*").description == "cpus:1")
    #expect(list.reserved(for: "c").description == "cpus(c):8; x(c):{z}")
    #expect(list.unreserved.description == "cpus:1")
  }

  @Test("reservations are pushed, popped and dropped")
  func reserving() throws {
    let list = try Resources(parsing: "cpus(a):1;mem(a):2")
    let refined = list.pushing(Reservation(.dynamic, role: "a/b", principal: "ops"))
    #expect(
      refined.description
        == "cpus(reservations: [(STATIC,a),(DYNAMIC,a/b,ops)]):1; "
        + "mem(reservations: [(STATIC,a),(DYNAMIC,a/b,ops)]):2")
    #expect(refined.hasRefinedReservations && !list.hasRefinedReservations)
    #expect(refined.poppingReservation() == list)
    #expect(refined.toUnreserved == Resources(cpus: 1, mem: 2))
    #expect(refined.allocatable(to: "a").isEmpty)
  }

  @Test("revocable resources can be told from others")
  func revocable() {
    let revocable = Resources([Resource("cpus", ten, isRevocable: true)])
    let list = revocable + Resources(cpus: 1)
    #expect(list.revocable == revocable)
    #expect(list.nonRevocable == Resources(cpus: 1))
    #expect(list.description == "cpus:1; cpus{REV}:10")
  }

  @Test("an allocation role can be set and taken away")
  func allocated() throws {
    let list = try Resources(parsing: "cpus:1;x(a):{y}")
    let allocated = list.allocated(to: "r")
    #expect(allocated.description == "cpus(allocated: r):1; x(allocated: r)(a):{y}")
    #expect(allocated.allocated(to: nil) == list)
  }
}

extension Resource.Value {
  static let one = Resource.Value.scalar(Scalar(thousandths: 1000))
}

@Suite("Finding resources") struct ResourcesFindTests {
  @Test(
    "own role first, then what is unreserved, then any",
    arguments: [
      ("cpus:3;cpus(r):3", "cpus(r):5", "cpus:2; cpus(r):3"),
      ("cpus:3;cpus(r):3", "cpus:2", "cpus:2"),
      ("cpus(a):3;cpus(r):3", "cpus:2", "cpus(a):2"),
      ("cpus(a):2;mem:1", "cpus(b):1;mem(b):1", "cpus(a):1; mem:1"),
      ("ports:[1-9]", "ports(a):[2-3]", "ports:[2-3]"),
      ("ports:[1-4];ports(a):[5-9]", "ports:[1-9]", "ports:[1-4]; ports(a):[5-9]"),
      ("cpus:1", "", "{}"),
    ])
  func found(list: String, target: String, result: String) throws {
    let found = try Resources(parsing: list).find(Resources(parsing: target))
    #expect(found?.description == result)
  }

  @Test(
    "each stage gives at most one entry smaller than what is missing",
    arguments: [
      ("cpus(a):3;cpus(b):3", "cpus:5"), ("cpus:3;cpus(r):3", "cpus:7"),
      ("ports:[1-4];ports(a):[6-9]", "ports:[3-7]"), ("cpus:1", "mem:1"),
    ])
  func notFound(list: String, target: String) throws {
    #expect(try Resources(parsing: list).find(Resources(parsing: target)) == nil)
  }
}
