// Part of mesosim. Apache-2.0, see LICENSE.
//
// Streams of events in cases of kind `http`: those that the script opens by name, and when each
// stream beats.

import Mesos
import MesosOperator
import VirtualTime

/// The streams of a case, by number; those of operators have negative numbers.
struct CaseStreams {
  private var names: [Int: String] = [:]
  private var numbers: [String: Int] = [:]
  /// The names that the master gave, by those of the script, in order.
  private var ids: [(name: String, id: String)] = []
  private var operators: [Int: OperatorStream] = [:]
  private var inProtobuf: Set<Int> = []
  private var beats: [Int: Instant] = [:]

  /// Whether the script has opened a stream.
  func has(_ stream: Int) -> Bool { names[stream] != nil }

  func name(of stream: Int) -> String? { names[stream] }

  func isProtobuf(_ stream: Int) -> Bool { inProtobuf.contains(stream) }

  func number(of name: String) -> Int? { numbers[name] }

  /// The stream of an operator.
  func ofOperator(_ stream: Int) -> OperatorStream? { operators[stream] }

  /// The streams of operators, in the order in which they were opened.
  var ofOperators: [(number: Int, stream: OperatorStream)] {
    operators.sorted { $0.key > $1.key }.map { ($0.key, $0.value) }
  }

  /// Notes a stream of a scheduler.
  mutating func open(_ name: String, _ stream: Int, id: String, isProtobuf: Bool) {
    if isProtobuf { inProtobuf.insert(stream) }
    names[stream] = name
    numbers[name] = stream
    ids.append((name, id))
  }

  /// Notes a stream of an operator; its number.
  mutating func open(_ name: String, _ stream: OperatorStream) -> Int {
    let number = -1 - operators.count
    operators[number] = stream
    if stream.reply.contentType == "application/x-protobuf" { inProtobuf.insert(number) }
    names[number] = name
    numbers[name] = number
    return number
  }

  mutating func close(_ stream: Int) {
    beats[stream] = nil
    operators[stream] = nil
    if let name = names.removeValue(forKey: stream), numbers[name] == stream {
      numbers[name] = nil
    }
  }

  // MARK: Heartbeats

  mutating func beginHeartbeats(of stream: Int, at now: Instant) {
    beats[stream] = now + .rounded(seconds: SchedulerSide.heartbeatSeconds)
  }

  mutating func endHeartbeats(of stream: Int) { beats[stream] = nil }

  /// The streams whose heartbeats are due.
  mutating func takeDue(at now: Instant) -> [Int] {
    let due = beats.filter { $0.value <= now }.keys.sorted()
    for stream in due { beginHeartbeats(of: stream, at: beats[stream] ?? now) }
    return due
  }

  // MARK: Names

  /// A header with the name that the master gave in place of `STREAM:w1`.
  func resolved(_ header: String) -> String {
    guard header.hasPrefix("STREAM:") else { return header }
    let name = header.dropFirst("STREAM:".count)
    return ids.last { $0.name == name }?.id ?? header
  }

  /// A text with `X1`, `X2`… in place of the names that the master gave.
  func labelled(_ text: String) -> String {
    var text = text
    for (place, entry) in ids.enumerated() {
      text = text.split(separator: entry.id, omittingEmptySubsequences: false)
        .joined(separator: "X\(place + 1)")
    }
    return text
  }
}
