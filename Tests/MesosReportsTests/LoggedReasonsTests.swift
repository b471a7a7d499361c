// Part of mesosim. Apache-2.0, see LICENSE.
//
// Goal: what allocations went by and found is told in sentences, each cause in its own.

import Foundation
import Testing

@testable import MesosReports

@Suite("Why, with reasons") struct LoggedReasonsTests {
  private static let header = """
    {"type":"header","version":"0.1.0","slaves":[{"names":["node-0","node-3"],"resources":"cpus:4; mem:4096"}],"explained":true}
    """
  private static let slaves = (0..<4).map {
    #"{"t":0,"seq":0,"type":"slaveAdded","slave":"node-\#($0)","resources":"cpus:4; mem:4096"}"#
  }.joined(separator: "\n")
  private static let shape = #""framework":"web","resources":"cpus:2; mem:1024""#

  /// An allocation at a second, with what more there is to say in it.
  private static func pass(_ second: Int, _ more: String) -> String {
    #"{"t":\#(second)000000000,"seq":0,"type":"pass","offers":1\#(more)}"#
  }

  private static func waiting(_ fields: String) -> String {
    #","waiting":[{\#(shape),"count":2,"there":4,"size":4,\#(fields)}]"#
  }

  private static let order = """
    ,"by":"shares","count":3,"order":[{"place":1,"role":"batch","shares":[0.125],"count":1,"frameworks":[{"place":1,"framework":"nightly","share":0.125,"given":3}]},{"place":2,"role":"prod","shares":[0.31256,0.2],"lacks":"cpus:2","exhausted":["mem"],"count":2,"frameworks":[{"place":1,"framework":"cron","share":0.1,"given":1},{"place":2,"framework":"web","share":0.2,"given":4}]}]
    """

  private static func log(_ lines: String...) -> Data {
    Data(([header, slaves] + lines).map { $0 + "\n" }.joined().utf8)
  }

  private static let demand = #"{"t":1000000000,"seq":0,"type":"demand",\#(shape),"delta":2}"#

  private func kept(_ fields: String, _ more: String = "") throws -> [String] {
    let log = Self.log(Self.demand, Self.pass(3, more + Self.waiting(fields)))
    return try #require(FrameworkReasons.lines(of: "web", at: nil, in: log))
  }

  private static let refused =
    #""room":1,"refused":1,"until":47500000000,"again":48000000000,"slave":"node-2""#
  private static let offered: String =
    #"{"t":48000000000,"seq":0,"type":"offered","framework":"web","#
    + #""slaves":[["node-1","node-3"]],"resources":"cpus:2; mem:1024"}"#
  private static let launched =
    #"{"t":49000000000,"seq":0,"type":"taskLaunched",\#(shape),"slave":"node-2","task":"w.1"}"#

  @Test("a launch tells what kept it for how long, the last hurdle, and the order that ended it")
  func launch() throws {
    let first = Self.pass(3, Self.order + Self.waiting(#""room":0"#))
    let second = Self.pass(43, Self.order + Self.waiting(Self.refused))
    let third = Self.pass(48, Self.order + Self.waiting(#""room":3,"offered":3"#))
    let log = Self.log(Self.demand, first, second, Self.offered, third, Self.launched)
    let reasons = try #require(TaskReasons.all(of: "w.1", in: log).first)
    let wanted = """
      In that time tasks held all room for 40s; it had refused what had room for 5.0s; no \
      allocation had looked for 2.0s; it had offers to answer for 1.0s.
      Last kept at 0d 00:00:43.000: slaves 4, large enough 4, with room 1: refused by it 1.
      Its refusal of node-2 ends at 0d 00:00:47.500, unless it revives; the allocation at \
      0d 00:00:48.000 can offer it again.
      node-2 was offered to it at 0d 00:00:48.000: role prod came 2nd of 3 with a share of \
      31.26% › 20.00%, after batch (12.50%). In the role, web came 2nd of 2 with 20.00%, after \
      cron (10.00%). The role lacked cpus:2 of its guarantee, which goes before shares. Its limit \
      left it no more mem.
      """
    #expect(reasons.lines.dropFirst(3).dropLast(2).joined(separator: "\n") == wanted)
  }

  @Test("where no allocation looks again, what counts is that offers were answered")
  func answered() throws {
    let of = #""framework":"web","slave":"node-2","resources":"cpus:4; mem:4096""#
    let log = Self.log(
      Self.demand, #"{"t":2000000000,"seq":0,"type":"offered",\#(of)}"#,
      Self.pass(2, Self.order + Self.waiting(#""room":1,"offered":1"#)),
      #"{"t":5000000000,"seq":0,"type":"offerEnded",\#(of),"end":"accepted"}"#, Self.launched)
    let reasons = try #require(TaskReasons.all(of: "w.1", in: log).first)
    #expect(
      reasons.lines[3] == "In that time no allocation looked again once it had answered for 44s; "
        + "it had offers to answer for 3.0s; no allocation had looked for 1.0s.")
  }

  @Test(
    "each cause has its sentence",
    arguments: [
      (#""room":0"#, "", "Some room has become free since; the next allocation looks at it."),
      (#""suitable":0,"room":0"#, "", "No slave that is large enough is for it"),
      (#""room":1,"offered":1"#, "", "It has answered those offers since"),
      (
        #""room":2,"due":2"#, #","next":7000000000"#,
        "The next allocation, at 0d 00:00:07.000, looks"
      ),
      (#""room":2,"due":1"#, "", "The next allocation looks at 1 with room."),
      (#""room":1,"others":1"#, "", "Those offers have been answered since"),
      (
        #""room":1,"quota":1"#, #","headroom":"cpus:3""#,
        "Quota keeps what has room: cpus:3 must stay free for guarantees."
      ),
      (
        #""room":1,"unwanted":1"#, "",
        "It wants no offers at present: suppressed, or not connected."
      ),
      (#""room":1"#, "", "The allocator does not say what keeps the room from it."),
      (
        #""room":2,"refused":2,"until":9000000000,"again":9000000000,"slave":"node-1""#, "",
        "Its refusal of node-1 ends at 0d 00:00:09.000, before the others, unless it revives; the"
      ),
    ])
  func causes(_ fields: String, _ more: String, _ text: String) throws {
    let lines = try kept(fields, more)
    #expect(
      lines[0].hasPrefix("2 wait for cpus:2; mem:1024. Slaves large enough: 4; with room: 4;"))
    #expect(lines[1].hasPrefix("The allocation at 0d 00:00:03.000 found: slaves 4, large enough 4"))
    #expect(lines[2].hasPrefix(text), "\(lines)")
  }

  @Test(
    "an order by the policy, by chance, in a part, or none",
    arguments: [
      (
        #","by":"policy","count":9,"order":[{"place":1,"role":"a","count":2,"frameworks":[{"place":1,"framework":"x"},{"place":7,"framework":"web"}]}]"#,
        "web came 7th of 9 in the policy's order, after x and 5 more."
      ),
      (
        #","by":"chance","count":0,"order":[]"#,
        "who comes first is drawn by chance for each slave."
      ),
      ("", "the allocator gives no reasons."),
      (
        #","by":"shares","count":2,"order":[{"place":1,"role":"*","part":"x","shares":[0.5],"count":1,"frameworks":[{"place":1,"framework":"x","share":0.5}]},{"place":2,"role":"*","part":"web","shares":[0.25],"count":1,"frameworks":[{"place":1,"framework":"web","share":0.25}]}]"#,
        "role * in the part of web came alone with a share of 25.00%."
      ),
      (
        #","by":"shares","count":1,"headroom":"cpus:1","order":[{"place":1,"role":"p","shares":[0],"count":1,"frameworks":[{"place":1,"framework":"web","share":0}]}]"#,
        "role p came alone with a share of 0.00%. cpus:1 had to stay free for guarantees."
      ),
      (#","by":"shares","count":1,"order":[]"#, "web stood nowhere in the order."),
    ])
  func orders(_ more: String, _ text: String) throws {
    let log = Self.log(
      #"{"t":2000000000,"seq":0,"type":"offered","framework":"web","slaves":[["node-0","node-2"]],"resources":"cpus:4; mem:4096"}"#,
      Self.pass(2, more))
    let offer = "Offered to web at 0d 00:00:02.000: cpus:4; mem:4096."
    #expect(
      OfferReasons.lines(of: "node-1", at: nil, in: log) == [offer, "At that allocation \(text)"])
    #expect(
      OfferReasons.lines(of: "node-3", at: nil, in: log) == ["It has not been offered to anybody."])
    #expect(
      OfferReasons.lines(of: "node-1", at: 1_000_000_000, in: log)
        == ["It has not been offered to anybody."])
    #expect(OfferReasons.lines(of: "nobody", at: nil, in: log) == nil)
  }

  @Test("at an instant what holds then is told, and the next offer that is large enough")
  func instants() throws {
    let log = Self.log(
      Self.demand, Self.pass(3, Self.waiting(#""room":0"#)),
      #"{"t":5000000000,"seq":0,"type":"offered",\#(Self.shape),"slave":"node-0"}"#,
      Self.pass(5, Self.order))
    let early = try #require(FrameworkReasons.lines(of: "web", at: 4_000_000_000, in: log))
    #expect(early.last == "The next offer that is large enough comes at 0d 00:00:05.000, in 2.0s.")
    #expect(!early.contains { $0.contains("prod") })
    let late = try #require(FrameworkReasons.lines(of: "web", at: nil, in: log))
    #expect(late.last?.hasPrefix("At the allocation at 0d 00:00:05.000 role prod came 2nd") == true)
    #expect(
      FrameworkReasons.lines(of: "web", at: 500_000_000, in: log)
        == ["Nothing waits, as far as it says."])
    #expect(FrameworkReasons.lines(of: "nobody", at: nil, in: log) == nil)
  }

  @Test("a log without reasons says how to get them; damaged ones are read as far as they go")
  func without() throws {
    let text = String(decoding: Self.log(Self.demand), as: UTF8.self)
      .replacing(#","explained":true"#, with: "")
    let lines = try #require(FrameworkReasons.lines(of: "web", at: nil, in: Data(text.utf8)))
    #expect(lines.last?.contains("'run --events FILE --explain' writes it") == true)
    #expect(OfferReasons.lines(of: "node-1", at: nil, in: Data(text.utf8))?.count == 1)
    let damaged = Self.log(
      Self.demand, #"{"t":2,"type":"pass","order":[{"place":"x"}]}"#,
      Self.pass(
        3,
        #","by":"shares","count":1,"order":[{"place":1,"role":"p","shares":[1e300],"count":1,"frameworks":[{"place":1,"framework":"web","share":-5}]}]"#
      ))
    #expect(
      FrameworkReasons.lines(of: "web", at: nil, in: damaged)?.last?.contains("came alone") == true)
  }

  @Test(
    "instants are read as they are written",
    arguments: [
      ("0d 00:01:30.000", 90_000_999_999), ("1d 02:00:00", 93_600_000_999_999),
      ("00:00:00.5", 500_999_999),
    ])
  func times(_ text: String, _ nanoseconds: Int) { #expect(LogText.instant(text) == nanoseconds) }

  @Test(
    "what is no instant is none",
    arguments: ["", "90s", "1:2", "99999999999999999999d 00:00:00", "00:00:00.1234"])
  func noTimes(_ text: String) { #expect(LogText.instant(text) == nil) }

  @Test("places, numbers and shares in words")
  func words() {
    #expect(
      [1, 2, 3, 4, 11, 12, 13, 21, 112].map { LogText.place($0, of: 200) }
        == ["1st", "2nd", "3rd", "4th", "11th", "12th", "13th", "21st", "112th"].map {
          "\($0) of 200"
        })
    #expect([0, 999, 1000, 1_234_567].map(LogText.count) == ["0", "999", "1,000", "1,234,567"])
    #expect(
      [0, 0.03125, 1, 2.5, -1].map(LogText.share) == [
        "0.00%", "3.13%", "100.00%", "250.00%", "0.00%",
      ])
  }
}
