// Part of mesosim. Apache-2.0, see LICENSE.

import Foundation
import Mesos
import Testing

// Goal: no text makes a reader trap, hang or give a list that breaks its promises.
// Method: well-formed and faulty samples, bent by a seeded mutator. `MESOSIM_FUZZ_INPUTS=1000000`
// runs more of them.
@Suite("Readers under fuzz") struct ReaderFuzzTests {
  private static let count =
    ProcessInfo.processInfo.environment["MESOSIM_FUZZ_INPUTS"].flatMap(Int.init) ?? 10_000

  @Test("every reader survives bent inputs", arguments: 0..<4)
  func bent(stream: Int) {
    var mutator = Mutator(seed: UInt64(stream + 1))
    var accepted = 0
    for _ in 0..<Self.count / 4 {
      let text = mutator.next()
      if readResources(text) { accepted += 1 }
      readAttributes(text)
      readOthers(text)
    }
    // Inputs that are all refused, or none, would show little.
    #expect((Self.count / 80...Self.count / 8).contains(accepted))
  }

  private func readResources(_ text: String) -> Bool {
    do {
      let list = try Resources(parsing: text)
      #expect(list.contains(list) && (list - list).isEmpty, "\(text)")
      #expect(Resources(list.entries) == list, "\(text)")
      #expect(list.find(list) != nil, "\(text)")
      let again = list.description
      _ = (list + list).quantities
      _ = list.shrunk(to: list.quantities)
      #expect((list.toUnreserved + list).contains(list), "\(text)")
      #expect(again == Resources(list.entries).description, "\(text)")
      return true
    } catch {
      check(error, text)
      return false
    }
  }

  private func readAttributes(_ text: String) {
    do {
      let attributes = try Attributes(parsing: text)
      #expect(attributes == attributes)
      _ = attributes.description
    } catch { check(error, text) }
  }

  private func readOthers(_ text: String) {
    let role = Role(text)
    _ = try? role.validate()
    _ = role.isAncestor(of: Role(text + "/a"))
    _ = try? JSONValue(parsing: text)
    do {
      let quantities = try Quantities(parsing: text)
      #expect((quantities - quantities).isEmpty)
    } catch { check(error, text) }
    do { _ = try Limits(parsing: text) } catch { check(error, text) }
  }

  private func check(_ error: ResourceSyntaxError, _ text: String) {
    #expect((1...text.unicodeScalars.count + 1).contains(error.column), "\(text)")
    #expect(!error.message.isEmpty)
  }
}

/// Bends samples: drops, repeats, swaps and inserts bytes, and joins pieces of two samples.
private struct Mutator {
  private var random: SeededGenerator

  init(seed: UInt64) { random = SeededGenerator(seed: seed) }

  private static let samples = [
    "cpus:4;mem(*):1024.50;cpus(prod):2;ports:[5-8,1-4];disks:{sdb,sda}",
    "cpus(prod):8; cpus(stage):2 mem(*):15360; disk(*):710534; ports(*):[31000-32000]",
    "ports:[18446744073709551614-18446744073709551615, 0-1];x:9.2e15;y:1e-310;z:-0.0",
    "cpus( a/b ):1;gpus:0.0005;foo:[];bar:{};é:1;cpu:9200000000000000;cpus:9e15",
    "rack:r1;zone:east,west\nurl:http://x:8080;level:1.5;keys:[1000-1500]",
    #"[{"name":"cpus","type":"SCALAR","scalar":{"value":2},"role":"prod"}]"#,
    #"[{"name":"p","type":"RANGES","ranges":{"range":[{"begin":1,"end":5},{"begin":7,"end":9}]}}]"#,
    #"[{"name":"disk","type":"SCALAR","scalar":{"value":"1e3"},"disk":{"source":{"type":"MOUNT","#
      + #""mount":{"root":"/m"}}}},{"name":"s","type":"SET","set":{"item":["\u00e9","b"]}}]"#,
    #"[{"name":"cpus","type":"SCALAR","scalar":{"value":2},"reservations":[{"type":"STATIC","#
      + #""role":"a"},{"type":"DYNAMIC","role":"a/b","principal":"p","labels":{"labels":[]}}]}]"#,
  ].map { Array($0.utf8) }

  private static let tokens = [
    "[", "]", "{", "}", "(", ")", ":", ";", ",", "-", "*", "/", " ", "\n", "\t", "\"", "\\", "\\u",
    "e", ".", "9", "99999999999999999999", "1e308", "inf", "nan", "null", "é", "\u{7f}", "cpu",
  ].map { Array($0.utf8) }

  mutating func next() -> String {
    var bytes = random.pick(Self.samples)
    repeat { bend(&bytes) } while random.oneIn(2)
    return String(decoding: bytes, as: UTF8.self)
  }

  private mutating func bend(_ bytes: inout [UInt8]) {
    let place = random.integer(below: bytes.count + 1)
    let end = min(bytes.count, place + random.integer(below: 8))
    switch random.integer(below: 6) {
    case 0: bytes.removeSubrange(place..<end)
    case 1: bytes.insert(contentsOf: bytes[place..<end], at: place)
    case 2: bytes.insert(contentsOf: random.pick(Self.tokens), at: place)
    case 3: if place < bytes.count { bytes[place] = UInt8(truncatingIfNeeded: random.next()) }
    case 4: bytes.replaceSubrange(place..<end, with: random.pick(Self.tokens))
    default: bytes = Array(bytes[..<place]) + random.pick(Self.samples).dropFirst(place)
    }
  }
}
