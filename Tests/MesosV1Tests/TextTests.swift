// Part of mesosim. Apache-2.0, see LICENSE.

import Mesos
import MesosV1
import Testing

@Suite("Texts of messages") struct TextTests {
  private func fault(of bytes: [UInt8]) -> V1Error? {
    do {
      _ = try V1Call(parsing: bytes)
      return nil
    } catch { return error }
  }

  private func fault(of text: String) -> V1Error? { fault(of: Array(text.utf8)) }

  @Test("keys that stand twice and values nested too deep are refused where they are")
  func bounds() {
    let twice = fault(of: #"{"type": "KILL", "kill": {"task_id": {}, "task_id": {}}}"#)
    #expect(twice?.path == "kill.task_id")
    let deep = String(repeating: "[", count: 65) + String(repeating: "]", count: 65)
    #expect(fault(of: deep)?.description == "more than 64 levels of nesting")
    let deepest = String(repeating: "[", count: 100_000)
    #expect(fault(of: deepest) != nil)
  }

  @Test("what is too long, no UTF-8 or no JSON is refused")
  func faults() {
    #expect(fault(of: [UInt8](repeating: UInt8(ascii: " "), count: 4 << 20 + 1)) != nil)
    #expect(fault(of: [0x22, 0xFF, 0x22]) != nil)
    #expect(fault(of: #""\ud800""#) != nil)
    #expect(fault(of: "NaN") != nil)
    #expect(fault(of: "") != nil)
  }

  @Test("whatever is changed in a call, reading it comes to an end")
  func mutations() {
    let seed = Array(
      """
      {"type":"ACCEPT","framework_id":{"value":"f"},"accept":{"offer_ids":[{"value":"m-O1"}],
      "filters":{"refuse_seconds":2.5},"operations":[{"type":"LAUNCH","launch":{"task_infos":[{
      "name":"n","task_id":{"value":"t"},"agent_id":{"value":"s"},"command":{"value":"x",
      "environment":{"variables":[{"name":"a","value":"b"}]},"uris":[{"value":"u"}]},"container":{
      "type":"DOCKER","docker":{"image":"i","port_mappings":[{"host_port":1,"container_port":2}]}},
      "health_check":{"type":"HTTP","http":{"port":80},"delay_seconds":1},"resources":[{"name":
      "ports","type":"RANGES","ranges":{"range":[{"begin":1,"end":9}]},"reservations":[{"type":
      "DYNAMIC","role":"a"}]},{"name":"x","type":"SET","set":{"item":["a"]}}]}]}},{"type":"GROW_VOLUME",
      "grow_volume":{"volume":{"name":"disk","type":"SCALAR","scalar":{"value":1}},"addition":{}}}]}}
      """.utf8)
    let pieces = [
      "-1", "1e400", "null", "{}", "[]", "\"\"", "9223372036854775808", "true", "\\u0000",
    ]
    var state: UInt64 = 1
    func draw(_ count: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33) % count
    }
    var count = 0
    for _ in 0..<20_000 {
      var bytes = seed
      for _ in 0...draw(3) {
        let place = draw(bytes.count)
        switch draw(4) {
        case 0: bytes[place] = UInt8(draw(256))
        case 1: bytes.remove(at: place)
        case 2:
          bytes.replaceSubrange(place..<place, with: Array(pieces[draw(pieces.count)].utf8))
        default:
          let end = min(bytes.count, place + draw(40))
          bytes.removeSubrange(place..<end)
        }
      }
      if fault(of: bytes) == nil { count += 1 }
    }
    #expect(count > 0 && count < 20_000)
  }
}
