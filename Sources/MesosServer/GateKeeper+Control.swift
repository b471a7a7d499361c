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
      switch (request.method, request.path) {
      case ("GET", "/mesosim/v1/run"): return OperatorReply(status)
      case ("GET", "/mesosim/v1/log"): return .lines(live.allLines)
      case ("GET", "/mesosim/v1/keyframe"): return .lines(live.header + keyframe().lines)
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

    /// How far the run is, in a line of JSON.
    var statusText: String { status.text }

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
        ])
      }
      members.append(.init(key: "clients", value: .array(clients)))
      members.append(.init(key: "isOver", value: .bool(isEnded)))
      return JSONValue(.object(members))
    }

    /// Lets time go at a pace, or stops it; what is wrong with how that is asked for.
    private func setClock(_ json: JSONValue) -> String? {
      switch json["run"]?.string {
      case "pause": setMode(.manual)
      case "play":
        let pace = json["pace"]?.string == "max" ? .infinity : json["pace"]?.double ?? 1
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
      let before = (picture?.decisions, picture?.faults)
      var count = 0
      while gate.step(notAfter: limit), mode == .manual {
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
      if kind == "until", mode == .manual { gate.rest(until: limit) }
      flush()
      return nil
    }
  }
#endif
