// Part of mesosim. Apache-2.0, see LICENSE.

import Mesos
import MesosV1
import Testing

@Suite("Messages in protobuf") struct ProtobufTests {
  @Test("a call has the bytes that protobuf has for it")
  func bytes() throws {
    let call = #"{"framework_id":{"value":"F"},"type":"SUPPRESS","suppress":{"roles":["a","b"]}}"#
    let bytes = Protobuf.bytes(of: try JSONValue(parsing: call), as: "Call")
    // Field 1, then 2 with the twelfth word, then 16.
    let expected: [UInt8] = [
      0x0a, 3, 0x0a, 1, 0x46, 0x10, 12, 0x82, 0x01, 6, 0x0a, 1, 0x61, 0x0a, 1, 0x62,
    ]
    #expect(bytes == expected)
    #expect(Protobuf.json(of: expected, as: "Call")?.text == (try JSONValue(parsing: call)).text)
  }

  @Test(
    "what is written is read back",
    arguments: [
      #"{"framework_id":{"value":"F"},"type":"KILL","kill":{"task_id":{"value":"ü"},"#
        + #""kill_policy":{"grace_period":{"nanoseconds":-5000000000}}}}"#,
      #"{"type":"ACCEPT","accept":{"operations":[{"type":"LAUNCH","launch":{"task_infos":["#
        + #"{"name":"n","resources":[{"name":"cpus","type":"SCALAR","scalar":{"value":0.25}},"#
        + #"{"name":"ports","type":"RANGES","ranges":{"range":[{"begin":1,"end":300}]}}],"#
        + #""data":"AAEC","limits":{"cpus":{"value":1.5},"mem":{"value":64.5}}}]}}],"#
        + #""filters":{"refuse_seconds":0.5}}}"#,
    ])
  func roundTrips(text: String) throws {
    let json = try JSONValue(parsing: text)
    let bytes = try #require(Protobuf.bytes(of: json, as: "Call"))
    let read = try #require(Protobuf.json(of: bytes, as: "Call"))
    #expect(Protobuf.bytes(of: read, as: "Call") == bytes)
    #expect(
      read["kill"]?["task_id"]?["value"]?.string == json["kill"]?["task_id"]?["value"]?.string)
    #expect(read["type"]?.string == json["type"]?.string)
  }

  @Test("fields that are not known are passed over; what is cut short is refused")
  func malformed() {
    #expect(Protobuf.json(of: [0x98, 0x06, 1, 0x10, 2], as: "Call")?["type"]?.string == "TEARDOWN")
    for bytes: [UInt8] in [[0x0a, 9, 1], [0x10], [0x0b], [0x10, 255, 255, 255], [0x08, 1]] {
      #expect(Protobuf.json(of: bytes, as: "Call") == nil)
    }
    #expect(Protobuf.json(of: [], as: "Nothing") == nil)
  }
}
