// Part of mesosim. Apache-2.0, see LICENSE.
//
// What a master answers under HTTP. A body in JSON is kept as what writes it: a large one is made
// piece by piece when it is sent.

package import Mesos
import MesosV1

/// What comes back.
public struct OperatorReply: Sendable {
  enum Content: Sendable {
    case nothing
    case text(String)
    case json(@Sendable (inout JSONWriter) -> Void)
    /// What is at hand in pieces, of a kind.
    case pieces([[UInt8]], String)
    /// Records of this kind follow, one after the other.
    case stream(String)
  }

  /// The status.
  public var status: Int
  /// Headers beside the kind and the length of the body.
  public var headers: [String: String] = [:]
  var content: Content
  /// Calendar time of instant 0, in seconds since 1970.
  var epoch: Int64 = 0
  /// The function of a page that is called with the JSON, where one is named.
  var callback: String?

  /// A reply with text for people; where there is none, an error is named by its status.
  public init(_ status: Int, _ text: String = "") {
    self.status = status
    let usual = Self.names[status].map { "\(status) \($0)." } ?? ""
    let text = text.isEmpty ? usual : text
    content = text.isEmpty ? .nothing : .text(text)
  }

  /// A reply with JSON.
  init(json: @escaping @Sendable (inout JSONWriter) -> Void) {
    status = 200
    content = .json(json)
  }

  /// A reply with JSON that is at hand.
  package init(_ json: JSONValue) {
    self.init { $0.json(json) }
  }

  /// A reply with lines of JSON that are at hand.
  package static func lines(_ pieces: [[UInt8]]) -> OperatorReply {
    var reply = OperatorReply(200)
    reply.content = .pieces(pieces, "application/jsonl")
    return reply
  }

  private static let names = [
    400: "Bad Request", 401: "Unauthorized", 403: "Forbidden", 404: "Not Found",
    405: "Method Not Allowed", 406: "Not Acceptable", 409: "Conflict",
    415: "Unsupported Media Type", 501: "Not Implemented", 503: "Service Unavailable",
  ]

  /// Whether the reply stays open for records.
  public var isStream: Bool { if case .stream = content { true } else { false } }

  /// The head of a reply that stays open for records.
  package static func stream(of kind: String) -> OperatorReply {
    var reply = OperatorReply(200)
    reply.content = .stream(kind)
    return reply
  }

  /// Whether the body is made piece by piece, and may be large.
  package var isInPieces: Bool {
    switch content {
    case .json: callback == nil
    case .pieces(let pieces, _): pieces.count > 1
    case .nothing, .text, .stream: false
    }
  }

  /// Whether the body is JSON.
  public var isJSON: Bool { if case .json = content { callback == nil } else { false } }

  /// The kind of the body; `nil` where there is none.
  public var contentType: String? {
    switch content {
    case .nothing: nil
    case .text: "text/plain; charset=utf-8"
    case .json: callback == nil ? MediaType.json : "text/javascript"
    case .pieces(_, let kind): kind
    case .stream(let kind): kind
    }
  }

  /// The body, made as a whole.
  public var body: String { String(decoding: bytes, as: UTF8.self) }

  /// The bytes of the body, made as a whole.
  public var bytes: [UInt8] {
    var bytes: [UInt8] = []
    write(piecesOf: .max) { bytes += $0 }
    return bytes
  }

  /// A reply in JSON as a message in protobuf; any other as it is.
  func inProtobuf(as message: String) -> OperatorReply {
    guard isJSON else { return self }
    guard let json = try? JSONValue(parsing: body),
      let bytes = Protobuf.bytes(of: json, as: message)
    else { return MediaType.refusalOfAccept }
    var reply = self
    reply.content = .pieces([bytes], MediaType.protobuf)
    return reply
  }

  /// Makes the body piece by piece, each of about `size` bytes.
  public func write(piecesOf size: Int, to sink: @escaping ([UInt8]) -> Void) {
    switch content {
    case .nothing, .stream: break
    case .text(let text): sink(Array(text.utf8))
    case .pieces(let pieces, _): Self.gather(pieces, size, to: sink)
    case .json(let write):
      if let callback { sink(Array("\(callback)(".utf8)) }
      var writer = JSONWriter(piecesOf: size, to: sink)
      writer.epoch = epoch
      write(&writer)
      writer.finish()
      if callback != nil { sink([UInt8(ascii: ")")]) }
    }
  }

  /// Hands pieces over, small ones several at a time.
  private static func gather(_ pieces: [[UInt8]], _ size: Int, to sink: ([UInt8]) -> Void) {
    var gathered: [UInt8] = []
    for piece in pieces {
      gathered += piece
      if gathered.count >= size {
        sink(gathered)
        gathered = []
      }
    }
    if !gathered.isEmpty { sink(gathered) }
  }
}
