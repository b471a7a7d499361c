// Part of mesosim. Apache-2.0, see LICENSE.
//
// Offers made many at a time: one entry in the books, one message, one fact for all that stand side
// by side. Whatever is not alike goes as an offer by itself, at its place in the message.

import Mesos
import MesosAllocation

extension Master {
  /// One message of offers while it is put together.
  private struct Message {
    var parts: [Offers] = []
    /// The offers that were made one by one since the last part.
    var list: [Offer] = []

    mutating func append(_ offers: Offers) {
      if !list.isEmpty { parts.append(Offers(list)) }
      list = []
      parts.append(offers)
    }
  }

  /// Makes the offers of runs, and those that came with them.
  mutating func makeOffersOfRuns() {
    let runs = allocationRuns.sorted { $0.framework < $1.framework }
    var (run, visit) = (0, 0)
    while run < runs.count || visit < visits.count {
      var next: [FrameworkIndex] = []
      if run < runs.count { next.append(runs[run].framework) }
      if visit < visits.count { next.append(allocations[Self.place(of: visits[visit])].framework) }
      guard let framework = next.min() else { return }
      let (firstRun, firstVisit) = (run, visit)
      while run < runs.count, runs[run].framework == framework { run += 1 }
      while visit < visits.count,
        allocations[Self.place(of: visits[visit])].framework == framework
      {
        visit += 1
      }
      makeOffers(
        to: framework, runs[firstRun..<run], visits[firstVisit..<visit].map(Self.place(of:)))
    }
  }

  private mutating func makeOffers(
    to framework: FrameworkIndex, _ runs: ArraySlice<AllocationRun>, _ singles: [Int]
  ) {
    var message = Message()
    guard frameworks[framework].state == .active else {
      for run in runs { allocator.runEnded(run, 0..<run.count, refusal: nil, at: now) }
      for place in singles { makeOffer(of: place, into: &message.list) }
      return
    }
    let runs = Array(runs)
    // Offers stand in the order of their slaves, whichever they come from.
    var next = runs.map { _ in 0 }
    var singles = singles[...]
    while true {
      var first: (source: Int, slave: SlaveIndex)?
      var limit: SlaveIndex?
      for source in 0...runs.count {
        let slave =
          source == runs.count
          ? singles.first.map { allocations[$0].slave }
          : next[source] < runs[source].count ? runs[source].slaves[next[source]] : nil
        guard let slave else { continue }
        if let current = first, current.slave <= slave {
          limit = min(limit ?? slave, slave)
        } else {
          limit = first?.slave ?? limit
          first = (source, slave)
        }
      }
      guard let first else { break }
      if first.source == runs.count {
        makeOffer(of: singles.removeFirst(), into: &message.list)
      } else {
        next[first.source] = makeOffers(
          of: runs[first.source], from: next[first.source], before: limit, into: &message)
      }
    }
    if !message.list.isEmpty { message.parts.append(Offers(message.list)) }
    if !message.parts.isEmpty {
      send(.resourceOffers(Offers(joining: message.parts)), to: framework)
    }
  }

  /// Makes offers of a run from a place on and up to a slave.
  /// - Returns: The place where it goes on.
  private mutating func makeOffers(
    of run: AllocationRun, from start: Int, before limit: SlaveIndex?, into message: inout Message
  ) -> Int {
    var end = run.count
    if let limit {
      end = start
      while end < run.count, run.slaves[end] < limit { end += 1 }
    }
    var faces: [Int32] = []
    faces.reserveCapacity(end - start)
    var place = start
    while true {
      place = addKnownFaces(of: run, place..<end, to: &faces)
      if place == end { break }
      let face = face(of: run.slaves[place])
      if face >= 0 {
        faces.append(face)
        place += 1
        continue
      }
      makeOffers(of: run, before: place, faces, into: &message)
      faces.removeAll()
      let isMade = makeOffer(
        offersMade, of: run.resources(at: place), on: run.slaves[place], to: run.framework,
        role: run.role, into: &message.list)
      if isMade { offersMade += 1 }
      place += 1
    }
    makeOffers(of: run, before: end, faces, into: &message)
    return end
  }

  /// Looks up what offers say of the slaves at some places.
  /// - Returns: The first place where that is not known, else the end.
  private func addKnownFaces(
    of run: AllocationRun, _ places: Range<Int>, to faces: inout [Int32]
  ) -> Int {
    slaves.withUnsafeBufferPointer { records in
      run.slaves.withUnsafeBufferPointer { slaves in
        for place in places {
          let face = records[Int(slaves[place])].face
          guard face >= 0, offers.runs.number(on: slaves[place]) == nil else { return place }
          faces.append(face)
        }
        return places.upperBound
      }
    }
  }

  /// Makes the offers of the places before one, as many as there are faces.
  private mutating func makeOffers(
    of run: AllocationRun, before end: Int, _ faces: [Int32], into message: inout Message
  ) {
    if faces.isEmpty { return }
    let places = end - faces.count..<end
    let shapes = hidesPorts ? run.shapes.map(\.withoutEphemeralPorts) : run.shapes
    let shapeOf = places.count == run.count ? run.shapeOf : Array(run.shapeOf[places])
    message.append(
      Offers(
        OfferRun(
          master: info.id, firstNumber: offersMade, frameworkID: frameworks[run.framework].id,
          role: run.role, faces: faces, directory: offeredSlaves, shapes: shapes,
          shapeOf: shapeOf)))
    if let timeout = settings.offerTimeout {
      offers.setTimeout(of: offersMade, at: now + timeout)
    }
    offers.runs.add(OpenRun(run, places, firstNumber: offersMade))
    offersMade += places.count
    record(.runOffered(run.framework, run, places))
  }

  /// The number of what offers say of a slave; negative for one whose offer is not like others.
  private mutating func face(of slave: SlaveIndex) -> Int32 {
    // Field by field: a property of a record would be handed a copy of it.
    guard slaves[slave].state == .connected, !slaves[slave].isDraining,
      slaves[slave].executors.isEmpty, slaves[slave].unavailability == nil,
      offers.runs.number(on: slave) == nil
    else { return SlaveRecord.unknownFace }
    if slaves[slave].face >= 0 { return slaves[slave].face }
    guard let id = slaves[slave].id else { return SlaveRecord.unknownFace }
    let info = slaves[slave].info
    let face = offeredSlaves.append(
      SlaveFace(
        slaveID: id, hostname: info.hostname, attributes: info.attributes, domain: info.domain))
    slaves[slave].face = face
    return face
  }

  /// Ends open offers of a run that stand side by side, the first of which has a number.
  mutating func end(
    _ run: AllocationRun, _ places: Range<Int>, from number: Int, _ how: OfferEnd,
    refusal: Filters?
  ) {
    offers.runs.close(from: number, count: places.count)
    record(.runEnded(run.framework, run, places, how))
    allocator.runEnded(run, places, refusal: refusal, at: now)
  }
}
