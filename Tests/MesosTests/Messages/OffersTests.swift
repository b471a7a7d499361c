// Part of mesosim. Apache-2.0, see LICENSE.
//
// Goal: `Offers` are, however they are kept, what an array of the same offers is, and what is
// declined of them is named as if one by one.
// Method: random lists, runs, slices and joins of them beside plain arrays; small cases by hand.

import Testing

@testable import Mesos

@Suite("Offers of a callback")
struct OffersTests {
  private let directory = OfferedSlaves()

  /// A run of offers, and the same offers one by one.
  private func run(of count: Int, from first: Int, shapes: Int = 1) -> (OfferRun, [Offer]) {
    let list = (0..<count).map { place in
      var offer = Offer(
        id: OfferID(master: "m1", number: first + place), frameworkID: "f",
        slaveID: SlaveID("m1-S\(place)"), hostname: "host-\(place)", role: "r",
        resources: Resources(cpus: Double(place % shapes + 1)))
      if place % 3 == 1 { offer.domain = DomainInfo(region: "eu", zone: "z\(place)") }
      return offer
    }
    let faces = list.map { offer in
      directory.append(
        SlaveFace(slaveID: offer.slaveID, hostname: offer.hostname, domain: offer.domain))
    }
    let run = OfferRun(
      master: "m1", firstNumber: first, frameworkID: "f", role: "r", faces: faces,
      directory: directory, shapes: (0..<shapes).map { Resources(cpus: Double($0 + 1)) },
      shapeOf: shapes == 1 ? [] : faces.indices.map { UInt16($0 % shapes) })
    return (run, list)
  }

  private func expect(_ offers: Offers, are list: [Offer], from start: Int = 0) {
    #expect(offers.startIndex == start)
    #expect(offers.endIndex == start + list.count)
    #expect(offers.count == list.count)
    #expect(offers.isEmpty == list.isEmpty)
    #expect(offers.first == list.first)
    #expect(offers.last == list.last)
    #expect(offers.map(\.id) == list.map(\.id))
    #expect(offers == Offers(list))
    #expect(offers.hashValue == Offers(list).hashValue)
    var ids = OfferIDs()
    ids.append(contentsOf: offers)
    #expect(Array(ids) == list.map(\.id))
    #expect(ids == OfferIDs(list.map(\.id)))
    #expect(ids.count == list.count)
  }

  @Test("a run reads like the array of its offers")
  func runs() {
    for shapes in [1, 4] {
      let (run, list) = run(of: 10, from: 100, shapes: shapes)
      let offers = Offers(run)
      expect(offers, are: list)
      #expect(offers[3] == list[3])
      #expect(Array(offers.reversed()) == list.reversed())
      expect(offers[4...], are: Array(list[4...]), from: 4)
      expect(offers.dropFirst(2).prefix(3), are: Array(list[2..<5]), from: 2)
      // A part of a run that is called with on its own begins with 0.
      expect(Offers(run, 5..<8), are: Array(list[5..<8]))
    }
  }

  @Test("lists, runs, slices and what is joined from them are arrays to who reads them")
  func chance() {
    var random = SeededGenerator(seed: 7)
    for _ in 0..<300 {
      var parts: [Offers] = []
      var expected: [Offer] = []
      for _ in 0..<random.integer(below: 5) {
        let count = random.integer(below: 6)
        let (run, list) = run(of: count, from: random.integer(below: 20))
        var offers = random.oneIn(2) ? Offers(run) : Offers(list)
        if random.oneIn(4) { offers = Offers(joining: [offers, offers]) }
        let low = random.integer(below: offers.count + 1)
        let high = low + random.integer(below: offers.count - low + 1)
        parts.append(offers[low..<high])
        expected += Array(offers)[low..<high]
      }
      let joined = Offers(joining: parts)
      expect(joined, are: expected)
      for place in expected.indices { #expect(joined[place] == expected[place]) }
      let low = random.integer(below: expected.count + 1)
      let high = low + random.integer(below: expected.count - low + 1)
      expect(joined[low..<high], are: Array(expected[low..<high]), from: low)
    }
  }

  @Test("offers are found by what they are of, and of those that are alike one is tested")
  func search() {
    var random = SeededGenerator(seed: 8)
    for _ in 0..<300 {
      let parts = (0..<random.integer(below: 4)).map { _ in
        let (run, list) = run(of: random.integer(below: 8), from: 0, shapes: random.pick([1, 3]))
        return random.oneIn(2) ? Offers(run) : Offers(list)
      }
      let offers = Offers(joining: parts).dropFirst(random.integer(below: 3))
      for start in offers.startIndex...offers.endIndex {
        let wanted = Double(random.integer(below: 5))
        #expect(
          offers.firstIndex(from: start) { $0.cpus == wanted }
            == offers[start...].firstIndex { $0.resources.cpus == wanted })
      }
    }
    let alike = run(of: 1000, from: 0, shapes: 2).0
    var asked = 0
    #expect(
      Offers(alike).firstIndex(from: 3) { _ in
        asked += 1
        return false
      } == nil)
    #expect(asked == 2)
  }

  @Test("an offer of a run shows the slave as it was when the offer was made")
  func changedSlave() {
    let (run, list) = run(of: 2, from: 0)
    _ = directory.append(SlaveFace(slaveID: list[0].slaveID, hostname: "another"))
    #expect(Offers(run)[0].hostname == "host-0")
  }

  @Test("ids that follow one another take one block, and masters are not mixed up")
  func blocks() {
    var ids: OfferIDs = []
    #expect(ids.isEmpty)
    ids.append("m1", 0..<1000)
    ids.append(OfferID(master: "m1", number: 1000))
    ids.append("m1", 1001..<1001)
    #expect(ids.blocks.map(\.numbers) == [0..<1001])
    ids.append(OfferID(master: "m2", number: 1001))
    ids.append(OfferID(master: "m2", number: 1000))
    #expect(ids.blocks.map(\.master) == ["m1", "m2", "m2"])
    #expect(ids.count == 1003)
    // What anybody may say, but no master has made.
    ids.append(OfferID(master: "m2", number: .max))
    #expect(ids.count == 1003)
  }

  @Test("two spellings of a master's id are two masters")
  func spellings() {
    let ids: OfferIDs = [
      OfferID(master: "caf\u{e9}", number: 0), OfferID(master: "cafe\u{301}", number: 1),
    ]
    #expect(ids.blocks.count == 2)
  }
}
