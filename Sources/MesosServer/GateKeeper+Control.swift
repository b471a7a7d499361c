// Part of mesosim. Apache-2.0, see LICENSE.
//
// What the server itself can be asked: how far it is, and to let virtual time go on.

#if Server
  import Mesos
  import MesosGate
  import MesosOperator
  import MesosScenarios
  import VirtualTime

  extension GateKeeper {
    /// Whether a path is the server's own.
    static func isOwn(_ path: String) -> Bool {
      path.hasPrefix("/mesosim/v1/") || path == hostsOfMaster
    }

    /// Where DC/OS's tools ask for the master's address (mesos-dns).
    private static var hostsOfMaster: String { "/mesos_dns/v1/hosts/master.mesos" }

    /// Answers what is asked of the server itself.
    func control(_ request: OperatorRequest) async -> OperatorReply {
      if let refusal = gate.refusal(of: request, isChange: request.method != "GET") {
        return refusal
      }
      if request.path.hasPrefix(Self.seats) { return setSeat(request) }
      switch (request.method, request.path) {
      case ("GET", "/mesosim/v1/run"): return OperatorReply(status)
      case ("GET", "/mesosim/v1/log"): return .lines(live.allLines)
      case ("GET", "/mesosim/v1/keyframe"): return .lines([live.header, keyframe().lines])
      case ("GET", Self.hostsOfMaster):
        return OperatorReply(
          .array([.object(["host": .text("master.mesos."), "ip": .text("127.0.0.1")])]))
      case ("POST", "/mesosim/v1/clock"), ("POST", "/mesosim/v1/step"): break
      case (_, "/mesosim/v1/run"), (_, "/mesosim/v1/clock"), (_, "/mesosim/v1/step"),
        (_, "/mesosim/v1/log"), (_, "/mesosim/v1/keyframe"), (_, EventFeed.path):
        return OperatorReply(405)
      default: return OperatorReply(404)
      }
      guard request.contentType == "application/json" else {
        return OperatorReply(415, "expected Content-Type: application/json")
      }
      guard mode != .lockStep else {
        return OperatorReply(409, "virtual time goes by what the clients of --clients owe")
      }
      guard let json = try? JSONValue(parsing: request.body), json.members != nil else {
        return OperatorReply(400, "expected an object in JSON")
      }
      let fault = request.path == "/mesosim/v1/clock" ? setClock(json) : await step(json)
      return fault.map { OperatorReply(400, $0) } ?? OperatorReply(status)
    }

    private static var seats: String { "/mesosim/v1/seats/" }

    /// A client says that it is busy, or no longer: what cannot be seen from here.
    private func setSeat(_ request: OperatorRequest) -> OperatorReply {
      guard request.method == "POST" else { return OperatorReply(405) }
      guard request.contentType == "application/json" else {
        return OperatorReply(415, "expected Content-Type: application/json")
      }
      let words = request.path.dropFirst(Self.seats.count).split(
        separator: "/", omittingEmptySubsequences: false)
      guard words.count == 2, words[1] == "busy" || words[1] == "idle" else {
        return OperatorReply(404, "expected \(Self.seats)NAME/busy or \(Self.seats)NAME/idle")
      }
      let name = String(words[0])
      guard clients.contains(name) || gate.seats.values.contains(where: { $0.name == name }) else {
        return OperatorReply(404, "no client \(name) is connected or awaited")
      }
      if words[1] == "busy" { busy.insert(name) } else { busy.remove(name) }
      return OperatorReply(status)
    }

    /// Whether the same clients would meet the same again.
    private var isReproducible: Bool { mode == .lockStep && whyNotReproducible == nil }

    /// What is to be said of the run when it has ended.
    var remarks: [String] {
      var lines: [String] = []
      if case .paced = mode {
        for (name, delay) in gate.answerDelays.sorted(by: { $0.key < $1.key }) {
          lines.append(
            "client \(name): acknowledged \(delay.count) updates after \(Self.seconds(delay.mean)) s "
              + "of virtual time on average, \(Self.seconds(delay.longest)) s at most")
        }
      }
      if let whyNotReproducible { lines.append("not reproducible: \(whyNotReproducible)") }
      return lines
    }

    private static func seconds(_ time: Duration) -> String {
      ((time.inSeconds * 1000).rounded() / 1000).shortText
    }

    /// How far the run is, in a line of JSON.
    var statusText: String { lastStatus ?? status.text }

    private var status: JSONValue {
      var members: [JSONValue.Member] = [
        .init(key: "now", value: .number(now.nanoseconds)),
        .init(key: "events", value: .number(gate.run.eventsHandled)),
        .init(key: "digest", value: .text(gate.run.digest)),
        .init(key: "end", value: .number(gate.run.end.nanoseconds)),
      ]
      switch mode {
      case .lockStep: members.append(.init(key: "mode", value: .text("lock-step")))
      case .manual: members.append(.init(key: "mode", value: .text("manual")))
      case .paced(let pace):
        members.append(.init(key: "mode", value: .text("paced")))
        members.append(
          .init(key: "pace", value: pace.isFinite ? .number(pace) : .text("max")))
      }
      let clients = gate.seats.sorted { $0.key < $1.key }.map { stream, seat in
        JSONValue.object([
          "name": .text(seat.name), "stream": .number(stream), "owes": .number(seat.debts.count),
          "isBusy": .bool(busy.contains(seat.name)),
          "longestAnswer": .number(
            (gate.answerDelays[seat.name]?.longest ?? .zero).wholeNanoseconds),
        ])
      }
      members.append(.init(key: "clients", value: .array(clients)))
      members.append(.init(key: "isOver", value: .bool(isEnded)))
      members.append(.init(key: "isReproducible", value: .bool(isReproducible)))
      return JSONValue(.object(members))
    }

    /// Lets time go at a pace, or stops it; what is wrong with how that is asked for.
    private func setClock(_ json: JSONValue) -> String? {
      switch json["run"]?.string {
      case "pause": setMode(.manual)
      case "play":
        let given = json["pace"]
        let pace = given?.string == "max" ? .infinity : given == nil ? 1 : given?.double ?? 0
        guard pace > 0 else { return "pace: expected a positive number or \"max\"" }
        setMode(.paced(pace))
      default: return "run: expected \"play\" or \"pause\""
      }
      return nil
    }

    /// Handles the next event, or more; what is wrong with how it is asked for.
    private func step(_ json: JSONValue) async -> String? {
      let end = gate.run.end
      let picture = gate.run.picture
      let kind = json["kind"]?.string ?? "event"
      var limit = end
      switch kind {
      case "event", "decision", "fault": break
      case "instant":
        guard let next = gate.run.nextInstant else { return nil }
        limit = min(next, end)
      case "until":
        guard let at = json["at"]?.integer, at >= 0 else {
          return "at: expected nanoseconds since the start of the run"
        }
        limit = min(Instant(nanoseconds: Int64(at)), end)
      default:
        return "kind: expected \"event\", \"decision\", \"instant\", \"fault\" or \"until\""
      }
      setMode(.manual)
      let turn = turns
      let before = (picture?.decisions, picture?.faults)
      var count = 0
      while turn == turns, gate.step(notAfter: limit) {
        if kind == "event" { break }
        if kind == "decision", picture?.decisions != before.0 { break }
        if kind == "fault", picture?.faults != before.1 { break }
        count += 1
        // Others are answered meanwhile.
        if count.isMultiple(of: 2000) {
          flush()
          await Task.yield()
        }
      }
      guard turn == turns else { return nil }
      if kind == "until", limit > gate.now { gate.rest(until: limit) }
      flush()
      return nil
    }
  }
#endif
