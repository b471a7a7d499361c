// Part of mesosim. Apache-2.0, see LICENSE.

import Mesos
import MesosV1
import Testing
import VirtualTime

@Suite("Events of the v1 API") struct EventTests {
  private func written(_ body: (inout JSONWriter) -> Void) -> String {
    var writer = JSONWriter()
    body(&writer)
    return writer.text
  }

  @Test("a framework is told its id and how often it hears from the master")
  func subscribed() {
    #expect(
      written { $0.subscribed("f", heartbeatSeconds: 15) }
        == #"{"type":"SUBSCRIBED","subscribed":{"framework_id":{"value":"f"},"#
        + #""heartbeat_interval_seconds":15}}"#)
  }

  @Test("resources come in the form that the framework can read, and are read back")
  func resources() throws {
    let resources = try Resources(parsing: "cpus(a):2;mem:64;ports:[1-3]")
    for capabilities in [[], [.reservationRefinement]] as [FrameworkInfo.Capabilities] {
      let reader = V1Reader(capabilities)
      let text = written { $0.resources(resources, allocatedTo: nil, form: reader.form) }
      #expect(text.contains(#""reservations":"#) == (reader.form == .refined))
      let stated = try StatedResources(reading: try JSONValue(parsing: text))
      #expect(stated.fault == nil)
      #expect(stated.resources == resources)
    }
  }

  @Test("an update names agents for one API and slaves for the other")
  func update() {
    let status = TaskStatus(
      taskID: "t", state: .lost, message: "gone", slaveID: "s", timestamp: .start,
      source: .master, reason: .slaveRemoved)
    let new = written { $0.status(status, for: V1Reader([])) }
    let old = written { $0.status(status, for: V1Reader([], saysAgent: false)) }
    #expect(new.contains(#""reason":"REASON_AGENT_REMOVED""#))
    #expect(old.contains(#""reason":"REASON_SLAVE_REMOVED""#))
    #expect(new.contains(#""state":"TASK_LOST""#) && new.contains(#""message":"gone""#))
  }

  @Test("text is escaped")
  func escapes() throws {
    let text = "a\"b\\c\n\u{1}é"
    let written = written { writer in writer.array { $0.string(text) } }
    #expect(try JSONValue(parsing: written).array?.first?.string == text)
  }

  @Test("text is written as it is read, wherever in it a special byte stands")
  func places() throws {
    for length in 0..<40 {
      for special in ["\"", "\\", "\n", "\u{7f}", "é", "\u{1}"] {
        let text = String(repeating: "a", count: length) + special + "bcdefghijk"
        let written = written { writer in writer.array { $0.string(text) } }
        #expect(try JSONValue(parsing: written).array?.first?.string == text)
      }
    }
  }

  @Test(
    "amounts have the decimals that they need",
    arguments: [
      (0, "0"), (1, "0.001"), (500, "0.5"), (1250, "1.25"), (1001, "1.001"), (12_000, "12"),
    ]
  )
  func amounts(thousandths: Int64, text: String) {
    #expect(written { $0.number(Scalar(thousandths: thousandths)) } == text)
  }

  @Test("whole numbers of all sizes", arguments: [0, 9, 10, 123, Int64.max, -1, .min])
  func wholeNumbers(number: Int64) {
    #expect(written { $0.number(number) } == String(number))
  }

  @Test("offers of the same resources are written as each by itself is")
  func alikeOffers() throws {
    let lists = try ["cpus:1;ports:[1-3]", "cpus:1;ports:[1-3]", "cpus:2", "cpus(a):2", "cpus:2"]
      .map { try Resources(parsing: $0) }
    let offers = lists.enumerated().map { number, resources in
      Offer(
        id: OfferID(master: "m", number: number), frameworkID: "f", slaveID: "s", hostname: "h",
        role: "r", resources: resources)
    }
    for reader in [V1Reader([]), V1Reader([.multiRole, .reservationRefinement])] {
      let each = offers.map { offer in written { $0.offer(offer, for: reader) } }
      #expect(
        written { $0.offers(Offers(offers), for: reader) }
          == #"{"type":"OFFERS","offers":{"offers":["# + each.joined(separator: ",") + "]}}")
    }
  }
}
