// Part of mesosim. Apache-2.0, see LICENSE.
//
// What is asked of a simulated Marathon: changes are inputs like those of masters, looking is not.

import MarathonREST
import Mesos
import MesosCluster
import MesosFrameworks
import MesosOperator
import MesosScenarios
import VirtualTime

/// Somebody who hears what a Marathon makes known.
struct MarathonStream {
  let framework: FrameworkIndex
  /// The kinds of events that are wanted; none for all.
  let kinds: [String]
  /// The process that speaks; the stream ends with it.
  let api: MarathonAPI
}

extension Gate {
  func takeMarathons(
    _ request: OperatorRequest, _ place: MarathonPlace, at instant: Instant
  ) -> Answer {
    let changes = MarathonPlace.mayChange(request)
    if let refusal = refusal(of: request, isChange: changes) { return .reply(refusal) }
    let marathon: (name: String, index: FrameworkIndex)
    do throws(AppRefusal) { marathon = try self.marathon(place.framework) } catch {
      return .reply(MarathonREST.reply(to: error))
    }
    let description = MarathonDescription(name: marathon.name, address: address)
    var answer: MarathonREST.Answer?
    func ask() {
      _ = run.cluster.enter(marathon.index) { scheduler in
        guard let api = MarathonAPI(of: scheduler) else { return }
        answer = MarathonREST(request, place, to: api, description).answer()
        if changes { run.learn(api.commands) }
      }
    }
    if changes {
      happen(.request(request), at: instant, ask)
      run.note(request: "\(request.method) \(request.path)", refusal: Self.refusal(in: answer))
    } else {
      ask()
    }
    switch answer {
    case .reply(let reply): return .reply(reply)
    case .events(let kinds, let reply): return listen(to: marathon.index, kinds, reply)
    case nil:
      let refusal = AppRefusal(
        status: 503, message: "Framework '\(marathon.name)' does not run at this time")
      return .reply(MarathonREST.reply(to: refusal))
    }
  }

  /// Why a request was refused, as its answer says.
  private static func refusal(in answer: MarathonREST.Answer?) -> String? {
    guard case .reply(let reply)? = answer, reply.status >= 400 else { return nil }
    return (try? JSONValue(parsing: reply.body))?["message"]?.string ?? "\(reply.status)"
  }

  /// The Marathon of a name, or the first.
  private func marathon(
    _ name: String?
  ) throws(AppRefusal) -> (name: String, index: FrameworkIndex) {
    let known = run.frameworks(ofType: "marathon")
    guard let first = known.first else {
      throw AppRefusal(
        status: 404,
        message: "There is no Marathon: the scenario has no framework of this type; expected one "
          + "such as 'frameworks: [{name: marathon, type: marathon, role: \"*\"}]'")
    }
    guard let name else { return first }
    guard let found = known.first(where: { $0.name == name }) else {
      let names = known.map(\.name).joined(separator: ", ")
      throw AppRefusal(
        status: 404,
        message: "'\(name)' is no framework of type marathon; expected one of: \(names)")
    }
    return found
  }

  /// Where the cluster is reached.
  private var address: String {
    let address = run.cluster.setup.address
    return "\(address?.ip.description ?? "127.0.0.1"):\(address?.port ?? 5050)"
  }

  // MARK: Events

  private func listen(
    to framework: FrameworkIndex, _ kinds: [String], _ reply: OperatorReply
  ) -> Answer {
    guard let api = run.cluster.scheduler(of: framework).flatMap({ MarathonAPI(of: $0) }) else {
      return .unavailable
    }
    let number = nextOperatorStream()
    marathonStreams[number] = MarathonStream(framework: framework, kinds: kinds, api: api)
    api.listen { [weak self] in self?.tell($0, of: framework) }
    api.announceListener(isThere: true)
    return .opened(stream: number, reply)
  }

  private func tell(_ event: MarathonEvent, of framework: FrameworkIndex) {
    let streams = marathonStreams.filter { $0.value.framework == framework }
    guard !streams.isEmpty else { return }
    let record = Array("event: \(event.type)\ndata: \(event.json.text)\n\n".utf8)
    for (number, stream) in streams.sorted(by: { $0.key > $1.key })
    where stream.kinds.isEmpty || stream.kinds.contains(event.type) {
      send(Output(stream: number, record: record))
    }
  }

  /// Ends a stream that the other side has closed.
  /// - Returns: Whether it was one of a Marathon.
  func closeMarathons(_ stream: Int) -> Bool {
    guard let closed = marathonStreams.removeValue(forKey: stream) else { return false }
    let isHeard = marathonStreams.values.contains { $0.framework == closed.framework }
    if isHeard { closed.api.announceListener(isThere: false) } else { closed.api.listen(nil) }
    return true
  }

  /// Ends streams whose Marathon has ended.
  func endMarathonStreams() {
    for (number, stream) in marathonStreams.sorted(by: { $0.key > $1.key }) {
      if stream.api.isOf(run.cluster.scheduler(of: stream.framework)) { continue }
      marathonStreams[number] = nil
      stream.api.listen(nil)
      send(Output(stream: number, record: nil, ends: true))
    }
  }
}
