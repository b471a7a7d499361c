// Part of mesosim. Apache-2.0, see LICENSE.
//
// Cases of masters by way of a server: requests go out as bytes, answers and records are what a
// client reads. Without a wire the sides of the master are called as they are.

import Mesos
package import MesosOperator

/// A request of a case, as a client sends it.
package struct CaseRequest: Sendable {
  package var method: String
  /// The path with its query, as it stands in the case.
  package var target: String
  package var headers: [String: String]
  package var body: [UInt8]

  init(_ method: String, _ target: String, body: String = "", headers: [String: String]) {
    self.method = method
    self.target = target
    self.headers = headers
    self.body = Array(body.utf8)
  }

  /// The same as a value.
  var value: OperatorRequest {
    let kind = headers.first { $0.key.lowercased() == "content-type" }?.value
    let isText = OperatorRequest.isText(kind)
    return OperatorRequest(
      method, target, body: isText ? String(decoding: body, as: UTF8.self) : "",
      data: isText ? nil : body, headers: headers)
  }
}

/// What the master of a case makes of a request.
package enum CaseAnswer: Sendable {
  case reply(OperatorReply)
  /// The reply stays open, and records follow on this stream.
  case opened(stream: Int, OperatorReply)

  var reply: OperatorReply {
    switch self {
    case .reply(let reply), .opened(_, let reply): reply
    }
  }
}

/// An answer as a client has read it.
package struct CaseReading: Sendable {
  package var status: Int
  /// The headers, by their names in lower case.
  package var headers: [String: String]
  package var body: [UInt8]

  package init(status: Int, headers: [String: String], body: [UInt8]) {
    self.status = status
    self.headers = headers
    self.body = body
  }
}

/// A server and a client of it, with bytes between them.
///
/// What it is given to call may be called by another thread, but only while the caller waits.
package protocol CaseWire: AnyObject {
  /// Sends a request, lets the master make what it does of what arrives, and reads the answer; a
  /// stream that is opened stays open.
  /// - Throws: What is wrong with the bytes that came back.
  func exchange(
    _ request: CaseRequest, _ serve: @escaping (OperatorRequest) -> CaseAnswer
  ) throws -> CaseReading

  /// Puts a record on a stream.
  func put(_ record: [UInt8], on stream: Int)

  /// Ends a stream from the server's side.
  func end(_ stream: Int)

  /// The next record that the client reads on a stream; `nil` where the stream has ended.
  /// - Throws: What is wrong with the bytes, or that nothing came.
  func read(_ stream: Int) throws -> [UInt8]?

  /// Closes a stream from the client's side, and lets the master notice.
  func close(_ stream: Int, _ notice: @escaping () -> Void) throws
}

extension MasterReplay {
  /// What was put on a stream and has not been read.
  struct Sent {
    let stream: Int
    /// Whose stream it is, where its records are heard.
    let name: String?
    /// A record; `nil` for the end.
    let record: [UInt8]?
  }

  /// Puts a request to the master.
  func exchange(
    _ request: CaseRequest, _ serve: @escaping (OperatorRequest) -> CaseAnswer
  ) throws -> HTTPAnswer {
    guard let wire else {
      let answer = serve(request.value)
      var shown = HTTPAnswer(answer.reply)
      if case .opened = answer { shown.headers["Transfer-Encoding"] = "chunked" }
      return shown
    }
    return HTTPAnswer(try wire.exchange(request, serve))
  }

  /// Puts a record on a stream, or ends it.
  func send(_ record: [UInt8]?, on stream: Int, to name: String?) {
    if let wire {
      if let record { wire.put(record, on: stream) } else { wire.end(stream) }
      sent.append(Sent(stream: stream, name: name, record: record))
    } else if let name {
      note(record, of: stream, to: name)
    }
  }

  /// Reads what was sent: byte for byte what was put there.
  func readStreams() throws {
    guard let wire else { return }
    defer { sent = [] }
    for entry in sent {
      let read = try wire.read(entry.stream)
      guard read == entry.record else {
        let text = read.map { String(decoding: $0, as: UTF8.self) } ?? "the end"
        throw CaseInputError("on stream \(entry.stream) a client reads \(text)")
      }
      if let name = entry.name { note(read, of: entry.stream, to: name) }
    }
  }

  /// The client closes a stream.
  func closeStream(_ stream: Int, _ notice: @escaping () -> Void) throws {
    guard let wire else { return notice() }
    try readStreams()
    try wire.close(stream, notice)
  }
}

extension HTTPAnswer {
  /// An answer as a client has read it.
  init(_ reading: CaseReading) {
    status = reading.status
    for name in HTTPComparison.headers {
      if let value = reading.headers[name.lowercased()] { headers[name] = value }
    }
    let text = String(decoding: reading.body, as: UTF8.self)
    if headers["Content-Type"] == "application/json" {
      body = try? JSONValue(parsing: text)
    } else if !text.isEmpty {
      body = .text(text)
    }
  }
}
