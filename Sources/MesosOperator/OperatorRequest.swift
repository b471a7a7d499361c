// Part of mesosim. Apache-2.0, see LICENSE.
//
// What comes to a master under HTTP, as a value: who carries it plays no part.

public import MesosCluster

/// A request to a master.
public struct OperatorRequest: Hashable, Sendable {
  /// The method, such as `GET`.
  public var method: String
  /// The path, such as `/quota/web`, without a query.
  public var path: String
  /// The query, by name.
  public var query: [String: String]
  /// All values of names that stand several times in the query.
  private var repeated: [String: [String]] = [:]
  /// The body.
  public var body: String
  /// The body where it is no text.
  public var data: [UInt8]?
  /// The headers, by their names in lower case.
  public private(set) var headers: [String: String] = [:]

  /// The kind of the body, such as `application/json`, without parameters.
  public var contentType: String? { MediaType.name(of: headers["content-type"]) }

  /// Who makes it, where that was found out before; it is not asked for again.
  public var provenPrincipal: String?

  /// Describes a request; a query may stand in `path` as well.
  public init(
    _ method: String, _ path: String, query: [String: String] = [:], body: String = "",
    data: [UInt8]? = nil, headers: [String: String] = [:]
  ) {
    let parts = path.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
    self.method = method
    self.path = String(parts.first ?? "")
    self.query = query
    if parts.count > 1 {
      self.query.merge(FormText.fields(of: String(parts[1]))) { given, _ in given }
      repeated = Dictionary(grouping: FormText.pairs(of: String(parts[1])), by: \.0)
        .filter { $0.value.count > 1 }.mapValues { $0.map(\.1) }
    }
    self.body = body
    self.data = data
    for (name, value) in headers { self.headers[name.lowercased()] = value }
  }

  /// The values of a name in the query, which may stand there several times.
  public func values(of name: String) -> [String] {
    repeated[name] ?? query[name].map { [$0] } ?? []
  }

  /// Whether a body of a kind is text; what is not named is taken for it.
  public static func isText(_ contentType: String?) -> Bool {
    MediaType.name(of: contentType) != MediaType.protobuf
  }

  /// Takes out what proves who asks, once it is known.
  mutating func forgetCredentials() { headers["authorization"] = nil }
}

/// What is to be done with a request.
public enum OperatorPlan: Sendable {
  /// This is the reply.
  case reply(OperatorReply)
  /// The master is to be told this; a success has this status, a refusal begins with this text.
  case ask(OperatorCall, success: Int, prefix: String)
  /// The reply stays open: it is the stream's first record and whatever follows.
  case stream(OperatorStream)

  /// The reply to what the master answered.
  public static func reply(
    to answer: OperatorAnswer, success: Int, prefix: String
  ) -> OperatorReply {
    switch answer {
    case .done: OperatorReply(success)
    case .badRequest(let text): OperatorReply(400, prefix + text)
    case .forbidden(let text): OperatorReply(403, text)
    case .conflict(let text): OperatorReply(409, text)
    case .notFound(let text): OperatorReply(404, text)
    }
  }
}

/// Names of kinds of bodies.
enum MediaType {
  static let json = "application/json"
  static let protobuf = "application/x-protobuf"
  static let recordIO = "application/recordio"

  /// The name without parameters, in lower case.
  static func name(of header: String?) -> String? {
    header?.split(separator: ";").first.map { word in
      String(word.filter { !$0.isWhitespace }).lowercased()
    }
  }

  /// Whether a header that says what is accepted accepts a kind; without one everything is.
  static func accepts(_ header: String?, _ kind: String) -> Bool {
    guard let header else { return true }
    let family = String(kind.prefix { $0 != "/" }) + "/*"
    return header.split(separator: ",").contains { part in
      let name = name(of: String(part)) ?? ""
      return name == kind || name == "*/*" || name == family
    }
  }
}

/// Fields of a form, and of a query.
enum FormText {
  static func fields(of text: String) -> [String: String] {
    Dictionary(pairs(of: text)) { $1 }
  }

  static func pairs(of text: String) -> [(String, String)] {
    text.split(separator: "&").map { part in
      let pair = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      return (decoded(pair[0]), pair.count > 1 ? decoded(pair[1]) : "")
    }
  }

  private static func decoded(_ text: Substring) -> String {
    var bytes: [UInt8] = []
    let source = Array(text.utf8)
    var place = 0
    while place < source.count {
      let byte = source[place]
      if byte == UInt8(ascii: "%"), place + 2 < source.count,
        let value = UInt8(
          String(decoding: source[(place + 1)...(place + 2)], as: UTF8.self), radix: 16)
      {
        bytes.append(value)
        place += 3
      } else {
        bytes.append(byte == UInt8(ascii: "+") ? UInt8(ascii: " ") : byte)
        place += 1
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}
