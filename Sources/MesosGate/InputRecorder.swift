// Part of mesosim. Apache-2.0, see LICENSE.
//
// The form in which what came from outside is kept: lines of JSON, a header first, a footer last.

package import Mesos
package import MesosCluster
import MesosOperator
import MesosV1
import SimulationKernel
package import VirtualTime

/// Writes inputs and the hashes of outputs as lines of JSON (`inputs.jsonl`).
///
/// Each line says after how many events of the simulation it stands, so that its place is exact.
/// What proves who somebody is never gets in: of a request's headers those are kept that decide on
/// the answer, and who made it by name.
package final class InputRecorder: InputRecording {
  private let put: ([UInt8]) -> Void
  /// How many inputs were noted, and how many outputs.
  package private(set) var inputs = 0
  /// How many records went out.
  package private(set) var outputs = 0

  /// Begins a recording.
  /// - Parameters:
  ///   - header: What is run.
  ///   - put: Takes each line, with its end.
  package init(_ header: RecordingHeader, put: @escaping ([UInt8]) -> Void) {
    self.put = put
    write(header.json)
  }

  private func write(_ line: JSONValue) { put(Array((line.text + "\n").utf8)) }

  package func note(_ input: Input, at instant: Instant, after events: Int) {
    inputs += 1
    var members: [JSONValue.Member] = [
      .init(key: "at", value: .number(instant.nanoseconds)),
      .init(key: "event", value: .number(events)),
    ]
    switch input {
    case .request(let request): members += request.recorded
    case .close(let stream):
      members.append(.init(key: "kind", value: .text("close")))
      members.append(.init(key: "stream", value: .number(stream)))
    case .nothing: members.append(.init(key: "kind", value: .text("rest")))
    }
    write(JSONValue(.object(members)))
  }

  package func note(_ output: Gate.Output, after events: Int) {
    outputs += 1
    var members: [JSONValue.Member] = [
      .init(key: "event", value: .number(events)), .init(key: "kind", value: .text("out")),
      .init(key: "stream", value: .number(output.stream)),
    ]
    if let record = output.record {
      members.append(.init(key: "bytes", value: .number(record.count)))
      let hash = SHA256.hexDigest(of: record).prefix(16)
      members.append(.init(key: "sha256", value: .text(String(hash))))
    }
    if output.ends { members.append(.init(key: "ends", value: .bool(true))) }
    write(JSONValue(.object(members)))
  }

  /// Ends the recording.
  /// - Parameters:
  ///   - events: How many events the simulation has handled.
  ///   - now: The instant of the last of them.
  ///   - digest: Identifies all that happened.
  package func finish(events: Int, at now: Instant, digest: String) {
    write(
      .object([
        "kind": .text("end"), "at": .number(now.nanoseconds), "event": .number(events),
        "inputs": .number(inputs), "outputs": .number(outputs), "digest": .text(digest),
      ]))
  }
}

/// What a recording says of the run that it is of.
package struct RecordingHeader: Hashable, Sendable {
  /// The version of the format.
  package static let format = 1

  /// The version of mesosim.
  package var version: String
  /// The scenario with every default filled in.
  package var scenario: String
  /// What the scenario is called in messages.
  package var name: String
  /// From where paths in the scenario count.
  package var folder: String
  /// The allocator, as `--allocator` names it.
  package var allocator: String
  /// Where the cluster was reached, such as `127.0.0.1:5050`.
  package var address: String
  /// The flags of the master beside the usual ones.
  package var flags: [String: String]
  /// Whether the paths of Mesos before 1.0 are served.
  package var servesOldPaths: Bool
  /// The clients that were awaited.
  package var clients: [String]

  /// Describes a run.
  package init(
    version: String, scenario: String, name: String, folder: String, allocator: String,
    address: String, flags: [String: String] = [:], servesOldPaths: Bool = true,
    clients: [String] = []
  ) {
    self.version = version
    self.scenario = scenario
    self.name = name
    self.folder = folder
    self.allocator = allocator
    self.address = address
    self.flags = flags
    self.servesOldPaths = servesOldPaths
    self.clients = clients
  }

  var json: JSONValue {
    .object([
      "kind": .text("header"), "format": .number(Self.format), "version": .text(version),
      "name": .text(name), "folder": .text(folder), "allocator": .text(allocator),
      "address": .text(address),
      "flags": JSONValue(
        .object(
          flags.sorted { $0.key < $1.key }.map { .init(key: $0.key, value: .text($0.value)) })),
      "oldPaths": .bool(servesOldPaths), "clients": .array(clients.map { .text($0) }),
      "scenario": .text(scenario),
    ])
  }

  /// Reads a header; `nil` where it is none, or of another format.
  package init?(_ json: JSONValue) {
    guard json["kind"]?.string == "header", json["format"]?.double == Double(Self.format),
      let scenario = json["scenario"]?.string, let allocator = json["allocator"]?.string
    else { return nil }
    self.init(
      version: json["version"]?.string ?? "", scenario: scenario,
      name: json["name"]?.string ?? "scenario", folder: json["folder"]?.string ?? ".",
      allocator: allocator, address: json["address"]?.string ?? "127.0.0.1:5050",
      flags: Dictionary(
        (json["flags"]?.members ?? []).compactMap { member in
          member.value.string.map { (member.key, $0) }
        }, uniquingKeysWith: { $1 }),
      servesOldPaths: json["oldPaths"]?.bool ?? true,
      clients: (json["clients"]?.array ?? []).compactMap(\.string))
  }
}

extension OperatorRequest {
  /// The headers that decide on an answer.
  private static let headersKept = ["accept", "content-type", "mesos-stream-id"]

  /// A request as it is written down.
  var recorded: [JSONValue.Member] {
    var members: [JSONValue.Member] = [
      .init(key: "kind", value: .text("request")), .init(key: "method", value: .text(method)),
      .init(key: "path", value: .text(path)),
    ]
    func add(_ key: String, _ fields: [String: String]) {
      guard !fields.isEmpty else { return }
      let list = fields.sorted { $0.key < $1.key }.map { field in
        JSONValue.Member(key: field.key, value: .text(field.value))
      }
      members.append(.init(key: key, value: JSONValue(.object(list))))
    }
    add("query", query)
    add("headers", headers.filter { Self.headersKept.contains($0.key) })
    if let provenPrincipal {
      members.append(.init(key: "principal", value: .text(provenPrincipal)))
    }
    if let data, !data.isEmpty {
      members.append(.init(key: "data", value: .text(Base64.text(of: data))))
    } else if let json = try? JSONValue(parsing: body) {
      members.append(.init(key: "body", value: json.withoutCredentials))
    } else if !body.isEmpty {
      members.append(.init(key: "text", value: .text(body)))
    }
    return members
  }

  /// Reads a request that was written down.
  init?(recorded json: JSONValue) {
    guard let method = json["method"]?.string, let path = json["path"]?.string else { return nil }
    func fields(_ key: String) -> [String: String] {
      Dictionary(
        (json[key]?.members ?? []).compactMap { member in
          member.value.string.map { (member.key, $0) }
        }, uniquingKeysWith: { $1 })
    }
    self.init(
      method, path, query: fields("query"),
      body: json["body"]?.text ?? json["text"]?.string ?? "",
      data: json["data"]?.string.flatMap { Base64.bytes(of: $0) }, headers: fields("headers"))
    // A question mark in a path that was decoded begins no query.
    self.path = path
    self.query = fields("query")
    provenPrincipal = json["principal"]?.string
  }
}

extension JSONValue {
  /// The call without what some clients put into it to prove who they are.
  fileprivate var withoutCredentials: JSONValue {
    guard let members else { return self }
    return JSONValue(
      .object(
        members.compactMap { member in
          if member.key == "credentials" { return nil }
          return member.key == "subscribe"
            ? .init(key: member.key, value: member.value.withoutCredentials) : member
        }))
  }
}

extension ClusterSetup.Address {
  /// Reads an address such as `127.0.0.1:5050`; the machine itself where the host is a name.
  package init(_ text: String) {
    let parts = text.split(separator: ":")
    let bytes = (parts.first ?? "").split(separator: ".").compactMap { UInt8($0) }
    let ip =
      bytes.count == 4 ? IPv4Address(bytes[0], bytes[1], bytes[2], bytes[3]) : IPv4Address.loopback
    self.init(ip, port: parts.last.flatMap { Int($0) } ?? 5050)
  }
}
