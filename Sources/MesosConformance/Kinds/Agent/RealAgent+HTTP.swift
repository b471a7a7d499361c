// Part of mesosim. Apache-2.0, see LICENSE.
//
// What the script asks the slave under HTTP, and the streams of executors that speak the v1 API.

import Mesos
import MesosCluster
import MesosOperator
import MesosV1

/// The streams of executors, by number and by the names of the script.
struct ExecutorStreams {
  private var names: [Int: String] = [:]
  private var inProtobuf: Set<Int> = []

  mutating func open(_ name: String, _ stream: Int, isProtobuf: Bool) {
    names[stream] = name
    if isProtobuf { inProtobuf.insert(stream) }
  }

  /// Forgets a stream; its name.
  mutating func close(_ stream: Int) -> String? { names.removeValue(forKey: stream) }

  func name(of stream: Int) -> String? { names[stream] }

  func number(of name: String) -> Int? { names.first { $0.value == name }?.key }

  func isProtobuf(_ stream: Int) -> Bool { inProtobuf.contains(stream) }
}

extension RealAgent {
  /// Whether a step asks the slave, or is about a stream of one of its executors.
  func isAsked(by step: JSONValue) -> Bool {
    if let path = step["path"]?.string { return SlaveSide.number(in: path) != nil }
    return step["do"]?.string == "close"
      && step["who"]?.string.flatMap(streams.number) != nil
  }

  /// The slave's answer to a step.
  func answer(_ step: JSONValue) throws -> HTTPAnswer? {
    switch try step.requiredString("do") {
    case "close":
      guard let stream = step["who"]?.string.flatMap(streams.number) else { return nil }
      executors.close(stream)
      _ = streams.close(stream)
      return nil
    case "stream":
      let request = try replay.streamRequest(step, as: "Executor.Call").value
      return speak(request, name: try step.requiredString("who"))
    default:
      let request = try replay.request(step, as: "Executor.Call").value
      if ExecutorSide.isOfExecutors(request.path) { return speak(request, name: nil) }
      return normal(HTTPAnswer(side.answer(request, slave.snapshot(at: replay.now))))
    }
  }

  /// An executor's request.
  private func speak(_ request: OperatorRequest, name: String?) -> HTTPAnswer {
    switch executors.answer(request, slave, at: replay.now) {
    case .reply(let reply): return normal(HTTPAnswer(reply))
    case .tell(let container, let report, let reply):
      tell(.executor(container, report))
      return normal(HTTPAnswer(reply))
    case .turnAway(let reply, let record):
      if let name {
        note(record, isProtobuf: reply.contentType == Self.protobuf, to: name)
        replay.note(Self.end, to: name)
      }
      return opened(reply)
    case .open(let stream, let closing, let container, let report, let reply):
      if let closing, let old = streams.close(closing) { replay.note(Self.end, to: old) }
      if let name { streams.open(name, stream, isProtobuf: reply.contentType == Self.protobuf) }
      tell(.executor(container, report))
      // Nobody listens: the connection is closed at once.
      if name == nil { executors.close(stream) }
      return opened(reply)
    }
  }

  private static let protobuf = "application/x-protobuf"
  private static let end: JSONValue = .object(["frame": .text("END")])

  private func opened(_ reply: OperatorReply) -> HTTPAnswer {
    var answer = HTTPAnswer(reply)
    answer.headers["Transfer-Encoding"] = "chunked"
    return answer
  }

  private func normal(_ answer: HTTPAnswer) -> HTTPAnswer {
    var answer = answer
    answer.body = answer.body.map { replay.httpForm($0) }
    return answer
  }

  /// Takes what the slave says to an executor with a stream; whether it has one.
  func hear(_ message: ExecutorMessage, to container: ContainerNumber) -> Bool {
    guard let output = executors.output(message, to: container, slave),
      let name = streams.name(of: output.stream)
    else { return false }
    note(output.record, isProtobuf: streams.isProtobuf(output.stream), to: name)
    return true
  }

  private func note(_ record: [UInt8], isProtobuf: Bool, to name: String) {
    let json =
      isProtobuf
      ? Protobuf.json(of: record, as: "Executor.Event")
      : try? JSONValue(parsing: String(decoding: record, as: UTF8.self))
    guard let json else { return }
    replay.note(.object(["frame": replay.httpForm(json)]), to: name)
  }
}
