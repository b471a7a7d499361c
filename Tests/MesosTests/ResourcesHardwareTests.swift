// Part of mesosim. Apache-2.0, see LICENSE.

import Mesos
import Testing

@Suite("Resources of a machine") struct ResourcesHardwareTests {
  private let machine = Resources(cpus: 8, mem: 32768, disk: 100_000)

  @Test(
    "what the configuration does not name is found in the machine",
    arguments: [
      ("", "cpus:8; disk:94880; mem:31744; ports:[31000-32000]"),
      ("cpus:2;mem:0;ports:[1-2]", "cpus:2; disk:94880; ports:[1-2]"),
      ("cpu(prod):2", "cpus(prod):2; disk:94880; mem:31744; ports:[31000-32000]"),
      ("cpus:1;mem:1;disk:1;ports:[]", "cpus:1; disk:1; mem:1"),
    ])
  func filled(text: String, canonical: String) throws {
    #expect(try Resources(parsing: text, hardware: machine).description == canonical)
  }

  @Test("a small machine keeps half of its memory and disk for itself")
  func small() throws {
    let small = Resources(cpus: 1, mem: 2047.5, disk: 10239)
    #expect(
      try Resources(parsing: "ports:[]", hardware: small).description
        == "cpus:1; disk:5119; mem:1023")
    let larger = Resources(mem: 2048, disk: 10240)
    #expect(
      try Resources(parsing: "ports:[]", hardware: larger).description == "disk:5120; mem:1024")
  }

  @Test("what is found has the default role")
  func role() throws {
    let list = try Resources(
      parsing: "mem(*):1;disk:2;ports:[]", hardware: machine, defaultRole: "web")
    #expect(list.description == "cpus(web):8; disk(web):2; mem:1")
  }
}
