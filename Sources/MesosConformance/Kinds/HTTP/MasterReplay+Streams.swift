// Part of mesosim. Apache-2.0, see LICENSE.
//
// What the script of a case of kind `http` does with streams, and what comes on them.

import Mesos
import MesosCluster
import MesosOperator
import MesosV1
import VirtualTime

extension MasterReplay {
  /// Carries out a step with a stream of the script's own.
  func takeStreamStep(_ step: JSONValue, _ name: String) throws -> HTTPAnswer? {
    if try step.requiredString("do") == "close" {
      guard let stream = streams.number(of: name) else { return nil }
      try closeStream(stream) { [self] in
        streams.close(stream)
        if let message = side.close(stream) { tell(message) }
      }
      return nil
    }
    var answer = try exchange(try streamRequest(step, as: "Call")) { [self] request in
      OperatorSide.isOfSchedulers(request.path)
        ? openScheduler(name, request) : openOperator(name, request)
    }
    answer.headers["Mesos-Stream-Id"] = answer.headers["Mesos-Stream-Id"].map(streams.labelled)
    return answer
  }

  /// The request that opens a stream; a body in protobuf is of this message.
  func streamRequest(_ step: JSONValue, as message: String) throws -> CaseRequest {
    let path = step["path"]?.string ?? "/api/v1/scheduler"
    var headers = headers(of: step, hasUsual: true)
    if !headers.keys.contains(where: { $0.lowercased() == "accept" }) {
      headers["Accept"] = "application/json"
    }
    let body = try labels.resolved(step["body"] ?? .object([:]))
    var request = CaseRequest("POST", path, body: body.text, headers: headers)
    // The recorder writes it in the form that the header names, and shows records as JSON.
    if request.value.contentType == "application/x-protobuf" {
      let isOfOperators = message == "Call" && !OperatorSide.isOfSchedulers(path)
      request.body = Protobuf.bytes(of: body, as: isOfOperators ? "Master.Call" : message) ?? []
    }
    return request
  }

  private func openScheduler(_ name: String, _ request: OperatorRequest) -> CaseAnswer {
    switch side.answer(request, master) {
    case .reply(let reply): return .reply(reply)
    case .tell: return .reply(OperatorReply(500))
    case .open(let stream, let framework, let incarnation, let call, let reply):
      streams.open(
        name, stream, id: side.id(of: stream) ?? "",
        isProtobuf: reply.contentType == "application/x-protobuf")
      streams.beginHeartbeats(of: stream, at: now)
      tell(.scheduler(framework, incarnation, call))
      settle()
      beat(stream)
      return .opened(stream: stream, reply)
    }
  }

  private func openOperator(_ name: String, _ request: OperatorRequest) -> CaseAnswer {
    switch operators.answer(request, master.snapshot(at: now), counters: counters) {
    case .reply(let reply): return .reply(reply)
    case .ask: return .reply(OperatorReply(500))
    case .stream(let stream):
      let number = streams.open(name, stream)
      streams.beginHeartbeats(of: number, at: now)
      counters.operatorStreams += 1
      send(stream.opening.bytes, on: number, to: name)
      beat(number)
      return .opened(stream: number, stream.reply)
    }
  }

  // MARK: Hearing

  /// Takes what comes on a stream; it is heard where the stream is of the script's own.
  func hear(_ output: SchedulerSide.Output) {
    let name = streams.name(of: output.stream)
    if let record = output.record { send(record, on: output.stream, to: name) }
    if output.ends {
      send(nil, on: output.stream, to: name)
      streams.close(output.stream)
    }
  }

  /// Tells operators who have subscribed.
  func hear(_ happening: MasterNote) {
    for (number, stream) in streams.ofOperators {
      guard let name = streams.name(of: number),
        let record = stream.record(of: happening, framework: { self.master.info(of: $0) })
      else { continue }
      send(record, on: number, to: name)
    }
  }

  /// Beats on every stream that is due.
  func beat() {
    for stream in streams.takeDue(at: now) { beat(stream) }
  }

  private func beat(_ stream: Int) {
    if let framework = side.framework(of: stream) {
      counters.noteHeartbeat(of: framework)
    } else if stream > 0 {
      return streams.endHeartbeats(of: stream)
    }
    guard let name = streams.name(of: stream) else { return }
    let record = side.heartbeat(of: stream) ?? streams.ofOperator(stream)?.heartbeatRecord
    send(record ?? [], on: stream, to: name)
  }

  /// Notes a record, or the end, of a stream of the script's own.
  func note(_ record: [UInt8]?, of stream: Int, to name: String) {
    guard let record else { return note(.object(["frame": .text("END")]), to: name) }
    guard streams.isProtobuf(stream) else { return note(frame: record, to: name) }
    let message = stream < 0 ? "Master.Event" : "Event"
    guard let json = Protobuf.json(of: record, as: message) else { return }
    note(.object(["frame": httpForm(json)]), to: name)
  }

  private func note(frame record: [UInt8], to name: String) {
    let text = String(decoding: record, as: UTF8.self)
    guard let json = try? JSONValue(parsing: text) else { return }
    note(.object(["frame": httpForm(json)]), to: name)
  }

  // MARK: Normal form

  /// JSON that the master wrote, in the form in which cases of kind `http` have it.
  func httpForm(_ json: JSONValue, key: String = "") -> JSONValue {
    switch json.content {
    case .string(let text):
      if key == "uuid" || key == "status_update_uuid" {
        let id = V1Bytes.bytes(of: text).flatMap { UpdateID($0) }
        let label = id.map { CaseLabels.label($0) } ?? text
        if CaseLabels.isMade(label) { labels.note(label, "X") }
        return .text(labels.label(label))
      }
      return .text(httpForm(text))
    case .number(let text):
      if key == "executor_pid" { return .text("PID") }
      let isPort = key == "port" && (Int32(text) ?? 0) >= MasterReplay.firstPort
      return isPort ? .number(5051) : json
    case .array(let list): return .array(list.map { httpForm($0, key: key) })
    case .object(let members):
      return JSONValue(
        .object(
          members.map {
            JSONValue.Member(key: labels.labelled($0.key), value: httpForm($0.value, key: $0.key))
          }))
    default: return json
    }
  }

  /// A text that the master wrote, in that form.
  func httpForm(_ text: String) -> String {
    if text == master.info.pid { return "MASTER@" }
    if text == master.info.id { return "MASTER" }
    if realAgent != nil { labels.noteContainers(in: text) }
    return withAddresses(streams.labelled(labels.labelled(text)))
  }
}
