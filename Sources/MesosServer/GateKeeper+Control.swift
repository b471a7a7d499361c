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
    func control(_ request: OperatorRequest) -> OperatorReply {
      switch (request.method, request.path) {
      case ("GET", "/mesosim/v1/run"): return status
      case ("GET", Self.hostsOfMaster):
        return OperatorReply(
          .array([.object(["host": .text("master.mesos."), "ip": .text("127.0.0.1")])]))
      case ("POST", "/mesosim/v1/clock"), ("POST", "/mesosim/v1/step"): break
      case (_, "/mesosim/v1/run"), (_, "/mesosim/v1/clock"), (_, "/mesosim/v1/step"):
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
      let fault = request.path == "/mesosim/v1/clock" ? setClock(json) : step(json)
      return fault.map { OperatorReply(400, $0) } ?? status
    }

    /// How far the run is.
    private var status: OperatorReply {
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
      return OperatorReply(JSONValue(.object(members)))
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

    /// Handles the next event, or all of the next instant; what is wrong with how it is asked for.
    private func step(_ json: JSONValue) -> String? {
      setMode(.manual)
      let end = gate.run.end
      switch json["kind"]?.string ?? "event" {
      case "event": _ = gate.step(notAfter: end)
      case "instant":
        if let next = gate.run.nextInstant, next <= end { while gate.step(notAfter: next) {} }
      default: return "kind: expected \"event\" or \"instant\""
      }
      flush()
      return nil
    }
  }
#endif
