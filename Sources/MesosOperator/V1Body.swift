// Part of mesosim. Apache-2.0, see LICENSE.
//
// What a call of a slave's v1 API says, and which kinds of bodies are taken (Mesos:
// `slave/http.cpp`, `Http::api`).

import Mesos
import MesosV1

/// The body of a call of operators.
struct V1Body {
  /// The call.
  let json: JSONValue
  /// Whether the answer is to be protobuf.
  let wantsProtobuf: Bool

  /// Reads a call to a slave.
  init(ofSlave request: OperatorRequest) throws(OperatorFault) {
    let list = "application/json or application/x-protobuf or application/recordio"
    guard let kind = request.headers["content-type"] else {
      throw OperatorFault("Expecting 'Content-Type' to be present")
    }
    guard [MediaType.json, MediaType.protobuf, MediaType.recordIO].contains(kind) else {
      throw OperatorFault("Expecting 'Content-Type' of \(list)", status: 415)
    }
    let kinds = [MediaType.json, MediaType.protobuf, MediaType.recordIO]
    let accepted = kinds.first { MediaType.accepts(request.headers["accept"], $0) }
    guard let accepted else {
      throw OperatorFault("Expecting 'Accept' to allow \(list)", status: 406)
    }
    wantsProtobuf = accepted == MediaType.protobuf
    json = try MediaType.message(of: request, as: "Agent.Call")
    guard json.members != nil else {
      throw OperatorFault("Failed to parse body into JSON: Unexpected JSON type parsed")
    }
  }
}
