// Part of mesosim. Apache-2.0, see LICENSE.
//
// What somebody outside does to the simulation: faults, and what an operator of a scenario does.

import Mesos
import MesosCluster
import MesosOperator
import MesosScenarios
import VirtualTime

/// What is done to the simulation, in the words of a scenario.
enum ActKind: String {
  case fault, operate

  /// The kind of act that is asked for at a path.
  init?(path: String) {
    guard path.hasPrefix("/mesosim/v1/") else { return nil }
    self.init(rawValue: String(path.dropFirst("/mesosim/v1/".count)))
  }
}

extension Gate {
  /// Whether a path is for acts.
  package static func isOfActs(_ path: String) -> Bool { ActKind(path: path) != nil }

  /// Takes a fault or what an operator does: as an input that is written down, done at its instant.
  /// - Returns: 202 with the number of the input, from 1, or why it is not done.
  func takeAct(_ kind: ActKind, _ request: OperatorRequest, at instant: Instant) -> OperatorReply {
    if let refusal = refusal(of: request, isChange: true) { return refusal }
    guard request.method == "POST" else { return OperatorReply(405) }
    guard request.contentType == "application/json" else {
      return OperatorReply(415, "expected Content-Type: application/json")
    }
    let act: OutsideAct
    do throws(ActProblem) {
      act =
        switch kind {
        case .fault: try run.readFault(request.body)
        case .operate: try run.readOperation(request.body)
        }
    } catch {
      return OperatorReply(400, error.description)
    }
    happen(.request(request), at: instant) { [run] in run.carryOut(act) }
    var reply = OperatorReply(.object(["input": .number(inputs)]))
    reply.status = 202
    return reply
  }
}

extension OperatorAnswer {
  /// Why it was not done.
  var refusal: String? {
    switch self {
    case .done: nil
    case .badRequest(let text), .forbidden(let text), .conflict(let text), .notFound(let text): text
    }
  }
}
