// Part of mesosim. Apache-2.0, see LICENSE.

import Mesos
import MesosFrameworks
import MesosTestKit
import Testing
import VirtualTime

@Suite("Samples: persistent volumes, dynamic reservations")
struct ReservationSampleTests {
  let driver = ScriptedDriver()
  let environment = TestEnvironment()

  private func accept(_ scheduler: some Scheduler, _ offers: Offer...) -> [String] {
    scheduler.resourceOffers(driver, offers: Offers(offers))
    return driver.takeTexts()
  }

  // MARK: Persistent volumes

  private let own = "cpus(pv):4;mem(pv):512;disk(pv):100"

  private func volumes(shards: Int, tasks: Int) -> PersistentVolumeScheduler {
    var options = PersistentVolumeOptions()
    options.shards = shards
    options.tasksPerShard = tasks
    let scheduler = PersistentVolumeScheduler(options: options, environment: environment)
    scheduler.register(driver)
    return scheduler
  }

  @Test("a shard makes its volume with its first task, uses it again, and destroys it")
  func volumeLife() throws {
    let scheduler = volumes(shards: 1, tasks: 2)
    let offer = try makeOffer(0, of: own, role: "pv")
    #expect(
      accept(scheduler, offer) == [
        "accept m-O0: create disk(pv)[f-shard-0:volume]:8, launch shard-0.0"
      ])
    let task = try #require(driver.launched.first)
    #expect(task.resources.scalarQuantities.description == "cpus:0.1; disk:16; mem:32")
    #expect(task.command?.value == "sleep 1")
    let volume = task.resources.persistentVolumes
    scheduler.update(driver, task.taskID, .running)
    #expect(accept(scheduler, try makeOffer(1, of: own, role: "pv")) == ["accept m-O1: "])

    scheduler.update(driver, task.taskID, .finished)
    var with = try makeOffer(2, of: own, role: "pv")
    with.resources += volume
    var elsewhere = with
    elsewhere.id = OfferID(master: "m", number: 3)
    elsewhere.slaveID = "s1"
    #expect(
      accept(scheduler, elsewhere, with) == ["accept m-O3: ", "accept m-O2: launch shard-0.1"])
    #expect(driver.launched.last?.resources.persistentVolumes == volume)

    scheduler.update(driver, "shard-0.1", .finished)
    #expect(accept(scheduler, try makeOffer(4, of: own, role: "pv")) == ["accept m-O4: "])
    with.id = OfferID(master: "m", number: 5)
    #expect(
      accept(scheduler, with) == ["accept m-O5: destroy disk(pv)[f-shard-0:volume]:8"])
    #expect(driver.status == .running)
    #expect(accept(scheduler, try makeOffer(6, of: own, role: "pv")) == ["accept m-O6: ", "stop"])
    #expect(environment.takeNotes().last == "finished 0")
  }

  @Test("shards share an offer; without disk of its role none starts")
  func volumesShare() throws {
    let scheduler = volumes(shards: 3, tasks: 1)
    #expect(
      accept(scheduler, try makeOffer(0, of: "cpus:4;mem:512;disk:100", role: "pv"))
        == ["accept m-O0: "])
    let mixed = try makeOffer(1, of: "cpus:4;mem:70;disk(pv):24;disk:100", role: "pv")
    #expect(
      accept(scheduler, mixed) == [
        "accept m-O1: create disk(pv)[f-shard-0:volume]:8, launch shard-0.0, "
          + "create disk(pv)[f-shard-1:volume]:8, launch shard-1.0"
      ])
    // What the tasks take was offered, their volumes as plain disk.
    let taken = driver.launched.reduce(Resources()) { $0 + $1.resources.withoutPersistence }
    #expect(mixed.resources.contains(taken))
  }

  @Test("a task that does not finish aborts the shards")
  func volumesAbort() throws {
    let scheduler = volumes(shards: 2, tasks: 1)
    _ = accept(scheduler, try makeOffer(0, of: "cpus(pv):1;mem(pv):32;disk(pv):16", role: "pv"))
    scheduler.update(driver, "shard-0.0", .failed)
    #expect(driver.takeTexts() == ["abort"])
    #expect(environment.takeNotes().suffix(3) == ["abandoned 0", "demand -1", "abandoned 1"])
  }

  // MARK: Dynamic reservations

  private func reservations(tasks: Int) -> DynamicReservationScheduler {
    var options = DynamicReservationOptions()
    options.tasks = tasks
    options.principal = "ops"
    let scheduler = DynamicReservationScheduler(options: options, environment: environment)
    scheduler.register(driver)
    return scheduler
  }

  private let wanted = Resources(cpus: 1, mem: 128)
    .pushing(Reservation(.dynamic, role: "dr", principal: "ops"))

  private func reserved(_ number: Int, rest: String, slave: SlaveID = "s0") throws -> Offer {
    var offer = try makeOffer(number, of: rest, role: "dr", slave: slave)
    offer.resources += wanted
    return offer
  }

  @Test("a slave is reserved, used for one task after the other, and given back")
  func reservationLife() throws {
    let scheduler = reservations(tasks: 2)
    let whole = try makeOffer(0, of: "cpus:4;mem:1024", role: "dr")
    #expect(accept(scheduler, whole) == ["accept m-O0: reserve \(wanted)"])
    #expect(driver.operations.count == 1)
    #expect(
      accept(scheduler, try reserved(1, rest: "cpus:3;mem:896")) == ["accept m-O1: launch 0"])
    #expect(
      accept(scheduler, try makeOffer(2, of: "cpus:3;mem:896", role: "dr"))
        == ["accept m-O2: "])
    scheduler.update(driver, "0", .finished)
    #expect(
      accept(scheduler, try reserved(3, rest: "cpus:3;mem:896")) == ["accept m-O3: launch 1"])
    scheduler.update(driver, "1", .finished)
    #expect(
      accept(
        scheduler, try reserved(4, rest: "cpus:3;mem:896"),
        try makeOffer(5, of: "cpus:4;mem:1024", role: "dr", slave: "s1"))
        == [
          "accept m-O4: unreserve \(wanted)", "decline m-O5 for 1209600.0 s",
        ])
    #expect(
      accept(scheduler, try makeOffer(6, of: "cpus:4;mem:1024", role: "dr"))
        == ["accept m-O6: ", "stop"])
    #expect(environment.takeNotes().last == "finished 0")
  }

  @Test("slaves that were never reserved do not keep the framework from stopping")
  func reservationUnused() throws {
    let scheduler = reservations(tasks: 1)
    let offers = [
      try makeOffer(0, of: "cpus:0.5;mem:1024", role: "dr", slave: "small"),
      try makeOffer(1, of: "cpus:4;mem:1024", role: "dr", slave: "s0"),
    ]
    #expect(
      accept(scheduler, offers[0], offers[1])
        == ["accept m-O0: ", "accept m-O1: reserve \(wanted)"])
    _ = accept(scheduler, try reserved(2, rest: "cpus:3;mem:896"))
    scheduler.update(driver, "0", .finished)
    _ = accept(scheduler, try reserved(3, rest: "cpus:3;mem:896"))
    #expect(
      accept(scheduler, try makeOffer(4, of: "cpus:4;mem:1024", role: "dr")).last == "stop")
  }

  @Test("a task that does not finish aborts the framework")
  func reservationAborts() throws {
    let scheduler = reservations(tasks: 2)
    _ = accept(scheduler, try makeOffer(0, of: "cpus:4;mem:1024", role: "dr"))
    _ = accept(scheduler, try reserved(1, rest: "cpus:3;mem:896"))
    scheduler.update(driver, "0", .killed)
    #expect(driver.takeTexts() == ["abort"])
    #expect(environment.takeNotes().suffix(2) == ["demand -1", "abandoned 0"])
  }
}
