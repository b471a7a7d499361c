// Part of mesosim. Apache-2.0, see LICENSE.
//
// Who makes a request: HTTP's basic authentication (Mesos: `authentication/http`).

import Mesos
import MesosV1

/// Who must say who they are.
enum Realm: String, Sendable {
  case readers = "mesos-master-readonly"
  case writers = "mesos-master-readwrite"
  case schedulers = "mesos-master-scheduler"
  case slaveReaders = "mesos-agent-readonly"
  case slaveWriters = "mesos-agent-readwrite"
}

/// Why a request is refused for who makes it.
struct AuthenticationRefusal: Error {
  let reply: OperatorReply
}

extension MasterDescription.Authentication {
  /// Who makes a request, where it must be said; otherwise nobody in particular.
  func principal(
    of request: OperatorRequest, _ realm: Realm?
  ) -> Result<String?, AuthenticationRefusal> {
    if let proven = request.provenPrincipal { return .success(proven) }
    guard let realm, isNeeded(realm) else { return .success(nil) }
    let header = request.headers["authorization"] ?? ""
    let words = header.split(separator: " ", maxSplits: 1)
    if words.count == 2, words[0] == "Basic",
      let bytes = Base64.bytes(of: String(words[1])),
      let colon = bytes.firstIndex(of: UInt8(ascii: ":"))
    {
      let principal = Array(bytes[..<colon])
      let secret = Array(bytes[(colon + 1)...])
      for credential in credentials
      where Self.isSame(Array(credential.principal.utf8), principal)
        && Self.isSame(Array((credential.secret ?? "").utf8), secret)
      {
        return .success(credential.principal)
      }
    }
    var reply = OperatorReply(401)
    reply.headers["WWW-Authenticate"] = "Basic realm=\"\(realm.rawValue)\""
    return .failure(AuthenticationRefusal(reply: reply))
  }

  /// Who makes a request that changes something, where it must be said.
  public func principal(ofChange request: OperatorRequest) -> String? {
    let isCall = OperatorSide.isOfSchedulers(request.path)
    guard case .success(let known) = principal(of: request, isCall ? .schedulers : .writers) else {
      return nil
    }
    return known
  }

  /// Why a request is not taken, where it does not say who makes it and must.
  package func refusal(of request: OperatorRequest, isChange: Bool) -> OperatorReply? {
    guard case .failure(let refusal) = principal(of: request, isChange ? .writers : .readers) else {
      return nil
    }
    return refusal.reply
  }

  private func isNeeded(_ realm: Realm) -> Bool {
    switch realm {
    case .readers, .slaveReaders: isForReaders
    case .writers, .slaveWriters: isForWriters
    case .schedulers: isForSchedulers
    }
  }

  /// Whether two texts are the same, found out in a time that only their lengths decide.
  private static func isSame(_ one: [UInt8], _ other: [UInt8]) -> Bool {
    var difference: UInt8 = one.count == other.count ? 0 : 1
    for (left, right) in zip(one, other) { difference |= left ^ right }
    return difference == 0
  }
}
