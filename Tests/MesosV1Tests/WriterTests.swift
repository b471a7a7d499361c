// Part of mesosim. Apache-2.0, see LICENSE.

import Mesos
import MesosV1
import Testing

@Suite("Writing JSON") struct WriterTests {
  private final class Collector {
    var pieces: [String] = []
  }

  @Test("pieces end where those who write say so, and make up the whole")
  func pieces() {
    let collector = Collector()
    var writer = JSONWriter(piecesOf: 6) {
      collector.pieces.append(String(decoding: $0, as: UTF8.self))
    }
    writer.array { list in
      for number in 1...5 {
        list.number(number * 100)
        list.endPiece()
      }
    }
    writer.finish()
    #expect(collector.pieces == ["[100,200", ",300,400", ",500]"])
  }

  @Test("what is as usual is written for operators only")
  func defaults() {
    func text(_ writesDefaults: Bool) -> String {
      var writer = JSONWriter()
      writer.writesDefaults = writesDefaults
      writer.framework(FrameworkInfo(user: "u", name: "n"))
      return writer.text
    }
    #expect(text(false) == #"{"user":"u","name":"n"}"#)
    #expect(text(true) == #"{"user":"u","name":"n","failover_timeout":0,"checkpoint":false}"#)
  }

  @Test("numbers may be written with a decimal always", arguments: [(3.0, "3.0"), (2.5, "2.5")])
  func reals(number: Double, text: String) {
    var writer = JSONWriter()
    writer.real(number)
    #expect(writer.text == text)
  }

  @Test("operators see reservations in both ways")
  func reservations() {
    let reservation = Reservation(.dynamic, role: "r", principal: "p")
    let resources = Resources(cpus: 2).pushing(reservation)
    var writer = JSONWriter()
    writer.resources(resources, form: .both)
    #expect(
      writer.text
        == #"[{"name":"cpus","type":"SCALAR","scalar":{"value":2},"#
        + #""reservations":[{"type":"DYNAMIC","role":"r","principal":"p"}],"#
        + #""role":"r","reservation":{"principal":"p"}}]"#)
  }
}
