// Part of mesosim. Apache-2.0, see LICENSE.
//
// A client of a few lines that takes nothing but what HTTP and RecordIO say to the letter.

#if Server
  import Foundation
  import MesosConformance

  /// A connection on which requests are made and answers read, one after the other.
  final class CaseConnection {
    /// What is wrong with the bytes that came.
    struct Fault: Error, CustomStringConvertible {
      let description: String
      init(_ description: String) { self.description = description }
    }

    private let descriptor: Int32
    private var isOpen = true
    private var buffer: [UInt8] = []
    private var place = 0
    /// What the chunks of a stream held and no record has used.
    private var data: [UInt8] = []
    private var isJSON = false

    /// Connects with a port of this machine.
    init(to port: Int) throws {
      descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
      guard descriptor >= 0 else { throw Fault("no socket can be made") }
      var limit = timeval(tv_sec: 10, tv_usec: 0)
      setsockopt(
        descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
      var address = sockaddr_in()
      address.sin_family = sa_family_t(AF_INET)
      address.sin_port = in_port_t(UInt16(clamping: port)).bigEndian
      address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
      let isConnected = withUnsafePointer(to: &address) { pointer in
        pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
          connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
        }
      }
      guard isConnected else { throw Fault("port \(port) does not answer") }
    }

    deinit { close() }

    func close() {
      if isOpen { Foundation.close(descriptor) }
      isOpen = false
    }

    // MARK: Requests

    func send(_ request: CaseRequest) throws {
      var head = "\(request.method) \(request.target) HTTP/1.1\r\nHost: 127.0.0.1\r\n"
      for (name, value) in request.headers.sorted(by: { $0.key < $1.key }) {
        head += "\(name): \(value)\r\n"
      }
      if !request.body.isEmpty { head += "Content-Length: \(request.body.count)\r\n" }
      let bytes = Array(head.utf8) + Array("\r\n".utf8) + request.body
      var sent = 0
      while sent < bytes.count {
        let count = bytes[sent...].withUnsafeBytes {
          Foundation.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
        }
        guard count > 0 else { throw Fault("the server has closed the connection") }
        sent += count
      }
    }

    // MARK: Bytes

    private func byte() throws -> UInt8 {
      if place == buffer.count {
        buffer = [UInt8](repeating: 0, count: 1 << 16)
        let count = recv(descriptor, &buffer, buffer.count, 0)
        guard count > 0 else {
          throw Fault(count == 0 ? "the server has closed the connection" : "nothing comes")
        }
        buffer.removeLast(buffer.count - count)
        place = 0
      }
      defer { place += 1 }
      return buffer[place]
    }

    /// A line that ends with CR and LF, without them.
    private func line() throws -> String {
      var bytes: [UInt8] = []
      while true {
        let next = try byte()
        if next == 10 { throw Fault("a line ends with LF alone") }
        if next != 13 {
          bytes.append(next)
          continue
        }
        guard try byte() == 10 else { throw Fault("a CR without LF") }
        return String(decoding: bytes, as: UTF8.self)
      }
    }

    // MARK: Answers

    func readHead() throws -> CaseReading {
      let status = try line()
      let words = status.split(separator: " ", maxSplits: 2)
      guard words.count >= 2, words[0] == "HTTP/1.1", words[1].count == 3, let code = Int(words[1])
      else { throw Fault("no line of status: \(status)") }
      var headers: [String: String] = [:]
      while case let text = try line(), !text.isEmpty {
        guard let colon = text.firstIndex(of: ":"), colon != text.startIndex else {
          throw Fault("no header: \(text)")
        }
        let name = text[..<colon].lowercased()
        guard headers[name] == nil else { throw Fault("header \(name) twice") }
        headers[name] = text[text.index(after: colon)...].trimmingCharacters(in: .whitespaces)
      }
      isJSON = headers["content-type"] == "application/json"
      return CaseReading(status: code, headers: headers, body: [])
    }

    func readBody(_ head: CaseReading) throws -> [UInt8] {
      switch (head.headers["content-length"], head.headers["transfer-encoding"]) {
      case (let length?, nil):
        guard let count = Int(length), count >= 0 else { throw Fault("length \(length)") }
        var body: [UInt8] = []
        for _ in 0..<count { body.append(try byte()) }
        return body
      case (nil, "chunked"?):
        var body: [UInt8] = []
        while let chunk = try readChunk() { body += chunk }
        return body
      case (nil, nil) where head.status == 204 || head.status == 304: return []
      case (let length, let coding):
        throw Fault("length \(length ?? "none"), coding \(coding ?? "none")")
      }
    }

    /// The next chunk; `nil` after the last.
    private func readChunk() throws -> [UInt8]? {
      let size = try line()
      guard let count = Int(size, radix: 16), count >= 0 else { throw Fault("chunk of \(size)") }
      var chunk: [UInt8] = []
      for _ in 0..<count { chunk.append(try byte()) }
      guard try line().isEmpty else { throw Fault("a chunk is longer than it says") }
      return count == 0 ? nil : chunk
    }

    /// The next record of a stream; `nil` at its end.
    func readRecord() throws -> [UInt8]? {
      while true {
        if let end = data.firstIndex(of: 10) {
          let length = String(decoding: data[..<end], as: UTF8.self)
          guard let count = Int(length), "\(count)" == length, count >= 0 else {
            throw Fault("record of \(length)")
          }
          if data.count - end - 1 >= count {
            let record = Array(data[(end + 1)...].prefix(count))
            data.removeFirst(end + 1 + count)
            // Some clients take lines for records.
            if isJSON, record.contains(10) { throw Fault("a record in JSON holds a line feed") }
            return record
          }
        }
        guard let chunk = try readChunk() else {
          guard data.isEmpty else { throw Fault("the stream ends within a record") }
          return nil
        }
        data += chunk
      }
    }
  }
#endif
