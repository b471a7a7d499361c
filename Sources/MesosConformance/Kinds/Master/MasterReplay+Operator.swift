// Part of mesosim. Apache-2.0, see LICENSE.
//
// What the script has an operator do.

import Mesos
import MesosAllocation
import MesosCluster
import MesosOperator
import MesosV1
import VirtualTime

extension MasterReplay {
  /// The answer to a request; `nil` for one that cannot be expressed.
  func ask(_ step: JSONValue) throws -> HTTPAnswer? {
    try carryOut(try request(step, as: "Call"))
  }

  /// The request of a step; a body in protobuf is of this message.
  func request(_ step: JSONValue, as message: String) throws -> CaseRequest {
    let looksIntoTexts = isHTTP || realAgent != nil
    var body = ""
    if let form = step["form"] {
      body = (form.members ?? []).map { member in
        "\(member.key)=\(Self.escaped(member.value.string.map(labels.id) ?? member.value.text))"
      }.joined(separator: "&")
    } else if let json = step["body"] {
      body =
        try json.string.map { looksIntoTexts ? labels.resolved(text: $0) : $0 }
        ?? Self.written(labels.resolved(json))
    }
    var request = CaseRequest(
      try step.requiredString("method"),
      looksIntoTexts
        ? labels.resolved(text: try step.requiredString("path"))
        : try step.requiredString("path"),
      body: body,
      headers: headers(of: step, hasUsual: step["headers"] == nil))
    // The recorder writes it in the form that the header names.
    if request.value.contentType == "application/x-protobuf", let json = step["body"] {
      request.body = Protobuf.bytes(of: try labels.resolved(json), as: message) ?? []
    }
    return request
  }

  /// The headers of a step, with ids of streams in place of their names.
  func headers(of step: JSONValue, hasUsual: Bool) -> [String: String] {
    var headers = hasUsual ? ["Content-Type": "application/json"] : [:]
    for member in step["headers"]?.members ?? [] {
      if let name = headers.keys.first(where: { $0.lowercased() == member.key.lowercased() }) {
        headers[name] = nil
      }
      headers[member.key] = member.value.string.map(streams.resolved)
    }
    return headers
  }

  /// Puts a request to the master; the answer in the normal form.
  private func carryOut(_ request: CaseRequest) throws -> HTTPAnswer? {
    var isExpressible = true
    var answer = try exchange(request) { [self] request in
      if OperatorSide.isOfSchedulers(request.path) { return answerOfSchedulers(request) }
      guard let reply = answerOfOperators(request) else {
        isExpressible = false
        return .reply(OperatorReply(501))
      }
      return .reply(reply)
    }
    guard isExpressible, showsAnswers || answer.status != 501 else { return nil }
    if let text = answer.body?.string {
      answer.body = .text(httpForm(text))
    } else if let json = answer.body {
      answer.body = showsAnswers ? httpForm(json) : labels.labelled(json)
    }
    return answer
  }

  private func answerOfOperators(_ request: OperatorRequest) -> OperatorReply? {
    switch operators.answer(request, master.snapshot(at: now), counters: counters) {
    case .stream: return nil
    case .reply(let known): return known
    case .ask(let call, let success, let prefix):
      answers = []
      tell(.operator(call, number: 1))
      return answers.first.map { OperatorPlan.reply(to: $0, success: success, prefix: prefix) }
        ?? OperatorReply(500)
    }
  }

  private func answerOfSchedulers(_ request: OperatorRequest) -> CaseAnswer {
    switch side.answer(request, master) {
    case .reply(let reply): return .reply(reply)
    case .open(let stream, _, _, _, let reply):
      // Nobody listens: the connection is closed at once.
      _ = side.close(stream)
      return .opened(stream: stream, reply)
    case .tell(let framework, let incarnation, let call, let reply):
      tell(.scheduler(framework, incarnation, call))
      return .reply(reply)
    }
  }

  /// A text with the normal form of addresses.
  func withAddresses(_ text: String) -> String {
    let mark = "slave(1)@127.0.0.1:"
    guard text.contains(mark) else { return text }
    var result = ""
    var rest = Substring(text)
    while let start = rest.indices.first(where: { rest[$0...].hasPrefix(mark) }) {
      result += rest[..<start]
      rest = rest[start...].dropFirst(mark.count)
      let port = rest.prefix { $0.isNumber }
      rest = rest.dropFirst(port.count)
      let number = (Int32(port) ?? 0) - MasterReplay.firstPort
      let name = agents.values.first { $0.index.rawValue == number }?.name ?? "?"
      result += name + "@"
    }
    return result + rest
  }

  private static func escaped(_ text: String) -> String {
    var result = ""
    for byte in text.utf8 {
      let isPlain =
        (0x30...0x39).contains(byte) || (0x41...0x5a).contains(byte)
        || (0x61...0x7a).contains(byte) || byte == UInt8(ascii: "-")
      if isPlain {
        result.unicodeScalars.append(Unicode.Scalar(byte))
      } else {
        let digits = String(byte, radix: 16)
        result += "%" + (digits.utf8.count < 2 ? "0" : "") + digits
      }
    }
    return result
  }

  /// JSON as the recorder wrote it: a space after each comma and colon, keys in their order.
  static func written(_ json: JSONValue) -> String {
    switch json.content {
    case .array(let list): "[" + list.map(written).joined(separator: ", ") + "]"
    case .object(let members):
      "{"
        + members.map { JSONValue.quoted($0.key) + ": " + written($0.value) }
        .joined(separator: ", ") + "}"
    default: json.text
    }
  }

  /// Ends the master and starts another one: on the same registry, or on none.
  func failOver(on succession: Succession?) {
    mastersMade += 1
    master = MasterReplay.makeMaster(mastersMade, settings, options)
    master.isWatched = isHTTP
    side.closeAll()
    for name in schedulers.keys {
      schedulers[name]?.isReachable = false
      schedulers[name]?.incarnation = nil
    }
    tell(.pingsAll(true))
    if let succession { tell(.succeed(succession)) }
  }
}
