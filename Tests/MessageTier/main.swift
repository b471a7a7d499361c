// Part of mesosim. Apache-2.0, see LICENSE.
//
// What is done with messages of the v1 API on an optimized program: a million mutated ones are
// read, none of which may end it; and offers are written, for a profiler to count.
//
//     MessageTier fuzz [COUNT]      # exits 1 when one is read in two ways, or all are refused
//     MessageTier encode [TIMES]    # writes an event of 100 offers so many times

import Glibc
import Mesos
import MesosV1

/// Numbers that are the same in every run.
struct Congruential: RandomNumberGenerator {
  var state: UInt64
  mutating func next() -> UInt64 {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return (state >> 32) | (state << 32)
  }
}

let seeds = [
  #"{"type":"SUBSCRIBE","subscribe":{"framework_info":{"user":"u","name":"n","roles":["a","b"],"failover_timeout":5,"checkpoint":true,"capabilities":[{"type":"MULTI_ROLE"}]},"suppressed_roles":["b"]}}"#,
  #"{"type":"ACCEPT","framework_id":{"value":"f"},"accept":{"offer_ids":[{"value":"m-O1"}],"filters":{"refuse_seconds":2},"operations":[{"type":"LAUNCH","launch":{"task_infos":[{"name":"n","task_id":{"value":"t"},"agent_id":{"value":"s"},"command":{"value":"x"},"resources":[{"name":"cpus","type":"SCALAR","scalar":{"value":1.5},"reservations":[{"type":"DYNAMIC","role":"a","principal":"p"}]},{"name":"ports","type":"RANGES","ranges":{"range":[{"begin":1,"end":9}]}}]}]}}]}}"#,
  #"{"type":"ACKNOWLEDGE","framework_id":{"value":"f"},"acknowledge":{"agent_id":{"value":"s"},"task_id":{"value":"t"},"uuid":"jhQhdwbFRmGhcgAAAAAAAA=="}}"#,
  #"{"type":"RECONCILE","framework_id":{"value":"f"},"reconcile":{"tasks":[{"task_id":{"value":"t"},"agent_id":{"value":"s"}}]}}"#,
].map { Array($0.utf8) }

/// Changes some bytes, or moves a part of another message there.
func mutated(_ random: inout Congruential) -> [UInt8] {
  var bytes = seeds[Int.random(in: seeds.indices, using: &random)]
  let alphabet = Array("{}[]\",:\\0123456789.eE-+tfn\u{7f}u \n".utf8) + [0, 0x80, 0xff, 0xed, 0xa0]
  for _ in 0..<Int.random(in: 1...4, using: &random) where !bytes.isEmpty {
    let place = Int.random(in: bytes.indices, using: &random)
    switch Int.random(in: 0..<6, using: &random) {
    case 0: bytes.remove(at: place)
    case 1: bytes.insert(alphabet[Int.random(in: alphabet.indices, using: &random)], at: place)
    case 2: bytes[place] = UInt8.random(in: 0...255, using: &random)
    case 3: bytes.removeSubrange(place..<min(bytes.count, place + 20))
    case 4:
      let other = seeds[Int.random(in: seeds.indices, using: &random)]
      let start = Int.random(in: other.indices, using: &random)
      bytes.insert(contentsOf: other[start..<min(other.count, start + 40)], at: place)
    default: bytes[place] = alphabet[Int.random(in: alphabet.indices, using: &random)]
    }
  }
  return bytes
}

/// Reads mutated messages; those that are taken must be taken again as they were.
func fuzz(_ count: Int) -> Bool {
  var random = Congruential(state: 1)
  var (taken, refused) = (0, 0)
  for _ in 0..<count {
    let text = String(decoding: mutated(&random), as: UTF8.self)
    do {
      let call = try V1Call(reading: try JSONValue(parsing: text))
      let again = try V1Call(reading: try JSONValue(parsing: text))
      guard "\(call)" == "\(again)" else {
        print("read in two ways: \(text)")
        return false
      }
      taken += 1
    } catch {
      refused += 1
    }
  }
  print("\(count) mutated messages: \(taken) taken, \(refused) refused")
  return taken > 0 && refused > 0
}

/// Writes an event of 100 offers so many times.
func encode(_ times: Int) throws {
  let resources = try Resources(parsing: "cpus:8;mem:32768;disk:409600;ports:[31000-32000]")
  let offers = Offers(
    (0..<100).map { number in
      Offer(
        id: OfferID(master: "b4d4ba4d-8a4e-4b1c-9a70-0123456789ab", number: number),
        frameworkID: "b4d4ba4d-8a4e-4b1c-9a70-0123456789ab-0007",
        slaveID: SlaveID("b4d4ba4d-8a4e-4b1c-9a70-0123456789ab-S\(number)"),
        hostname: "node-\(number).example", role: "web", resources: resources)
    })
  let reader = V1Reader([.multiRole, .reservationRefinement])
  var writer = JSONWriter()
  var bytes = 0
  for _ in 0..<times {
    writer.clear()
    writer.offers(offers, for: reader)
    bytes += writer.bytes.count
  }
  print("\(bytes) bytes")
}

let arguments = CommandLine.arguments.dropFirst()
let count = arguments.dropFirst().first.flatMap { Int($0) }
switch arguments.first {
case "fuzz": exit(fuzz(count ?? 1_000_000) ? 0 : 1)
case "encode": try encode(count ?? 1000)
default: print("usage: MessageTier fuzz|encode [COUNT]")
}
