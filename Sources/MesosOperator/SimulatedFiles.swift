// Part of mesosim. Apache-2.0, see LICENSE.
//
// Files as masters and slaves show them: logs, and the folders of executors (Mesos:
// `files/files.cpp`). Nothing is read from a disk: their texts are made of what is known.

import Mesos
import MesosCluster
import MesosV1
import VirtualTime

/// Files by their paths.
struct SimulatedFiles: Sendable {
  /// A file or a folder in a list.
  struct Entry {
    let path: String
    let isFolder: Bool
    let size: Int
  }

  /// How much is read at once, in bytes: sixteen pages.
  static let readMax = 16 * 4096

  /// What makes the text of each file.
  var texts: [String: @Sendable () -> String] = [:]
  /// Other names of folders.
  var aliases: [String: String] = [:]
  /// When they were all written.
  var writtenAt = Instant.start

  /// The path that a name stands for, without a slash at its end.
  private func real(_ name: String) -> String {
    var name = Substring(name)
    while name.utf8.count > 1, name.hasSuffix("/") { name = name.dropLast() }
    for (alias, folder) in aliases where name == alias || name.hasPrefix(alias + "/") {
      return folder + name.dropFirst(alias.count)
    }
    return String(name)
  }

  /// What is in a folder, by path; `nil` where there is none.
  func list(_ name: String) -> [Entry]? {
    let folder = real(name) == "/" ? "" : real(name)
    var entries: [String: Entry] = [:]
    for (path, text) in texts where path.hasPrefix(folder + "/") {
      let rest = path.dropFirst(folder.count + 1)
      let child = rest.prefix { $0 != "/" }
      let isFolder = child.count < rest.count
      entries[String(child)] = Entry(
        path: "\(folder)/\(child)", isFolder: isFolder, size: isFolder ? 4096 : text().utf8.count)
    }
    if entries.isEmpty { return nil }
    return entries.sorted { $0.key < $1.key }.map(\.value)
  }

  /// The bytes of a file.
  func bytes(_ name: String) throws(OperatorFault) -> [UInt8] {
    if let text = texts[real(name)] { return Array(text().utf8) }
    if list(name) != nil { throw OperatorFault("Cannot read a directory.\n") }
    throw OperatorFault("", status: 404)
  }

  // MARK: Answers

  private static func path(_ request: OperatorRequest) throws(OperatorFault) -> String {
    if let path = request.query["path"], !path.isEmpty { return path }
    throw OperatorFault("Expecting 'path=value' in query.\n")
  }

  /// What is in the folder that a request names.
  func browse(_ request: OperatorRequest) throws(OperatorFault) -> OperatorReply {
    guard let entries = list(try Self.path(request)) else { throw OperatorFault("", status: 404) }
    let time = writtenAt.seconds
    return OperatorReply { writer in
      writer.array { list in
        for entry in entries {
          list.object {
            $0.member("gid", "root")
            $0.member("mode", entry.isFolder ? "drwxr-xr-x" : "-rw-r--r--")
            $0.key("mtime")
            $0.number(time)
            $0.key("nlink")
            $0.number(entry.isFolder ? 2 : 1)
            $0.member("path", entry.path)
            $0.key("size")
            $0.number(entry.size)
            $0.member("uid", "root")
          }
        }
      }
    }
  }

  /// A part of the file that a request names; only its length where no place is said.
  func read(_ request: OperatorRequest) throws(OperatorFault) -> OperatorReply {
    let path = try Self.path(request)
    func number(_ key: String) throws(OperatorFault) -> Int {
      guard let text = request.query[key] else { return -1 }
      guard let number = Int(text) else {
        throw OperatorFault(
          "Failed to parse \(key): Failed to convert '\(text)' to number.\n")
      }
      if number < -1 { throw OperatorFault("Negative \(key) provided: \(number).\n") }
      return number
    }
    let (offset, length) = (try number("offset"), try number("length"))
    let bytes = try bytes(path)
    if offset < 0 || offset >= bytes.count { return Self.part(of: [], at: bytes.count) }
    let most = length < 0 ? Self.readMax : min(length, Self.readMax)
    return Self.part(of: bytes[offset...].prefix(most), at: offset)
  }

  private static func part(of bytes: ArraySlice<UInt8>, at offset: Int) -> OperatorReply {
    let text = String(decoding: bytes, as: UTF8.self)
    return OperatorReply { writer in
      writer.object {
        $0.member("data", text)
        $0.key("offset")
        $0.number(offset)
      }
    }
  }

  /// The whole file that a request names.
  func download(_ request: OperatorRequest) throws(OperatorFault) -> OperatorReply {
    let path = try Self.path(request)
    var reply = OperatorReply(200, String(decoding: try bytes(path), as: UTF8.self))
    let name = path.split(separator: "/").last.map(String.init) ?? ""
    reply.headers["Content-Disposition"] = "attachment; filename=\"\(name)\""
    return reply
  }

  /// Which name stands for which folder.
  func debug() -> OperatorReply {
    let names = aliases.sorted { $0.key < $1.key }
    return OperatorReply { writer in
      writer.object { map in
        for name in names {
          map.key(named: name.key)
          map.string(name.value)
        }
      }
    }
  }

  // MARK: Answers of the v1 API

  /// What is in the folder that a call LIST_FILES names.
  func list(_ call: JSONValue) throws(OperatorFault) -> OperatorReply {
    guard let path = call["path"]?.string else {
      throw OperatorFault(
        "Failed to convert JSON into Call protobuf: Missing required fields: list_files.path")
    }
    guard let entries = list(path) else { throw OperatorFault("", status: 404) }
    let time = writtenAt.nanoseconds
    return .typed("LIST_FILES") { writer in
      writer.key("file_infos")
      writer.array { list in
        for entry in entries {
          list.object {
            $0.member("path", entry.path)
            $0.key("nlink")
            $0.number(entry.isFolder ? 2 : 1)
            $0.key("size")
            $0.number(entry.size)
            $0.key("mtime")
            $0.object {
              $0.key("nanoseconds")
              $0.number(time)
            }
            $0.key("mode")
            $0.number(entry.isFolder ? 0o40755 : 0o100644)
            $0.member("uid", "root")
            $0.member("gid", "root")
          }
        }
      }
    }
  }

  /// The part of a file that a call READ_FILE names.
  func read(_ call: JSONValue) throws(OperatorFault) -> OperatorReply {
    let missing = ["path", "offset"].filter { call[$0] == nil }.map { "read_file.\($0)" }
    if !missing.isEmpty {
      throw OperatorFault(
        "Failed to convert JSON into Call protobuf: Missing required fields: "
          + missing.joined(separator: ", "))
    }
    guard let path = call["path"]?.string, let offset = call["offset"]?.unsigned else {
      throw OperatorFault(
        "Failed to convert JSON into Call protobuf: Expecting 'path' to be a string and 'offset' "
          + "a whole number")
    }
    let bytes = try bytes(path)
    let start = min(bytes.count, Int(clamping: offset))
    let most = min(call["length"]?.unsigned.map { Int(clamping: $0) } ?? .max, Self.readMax)
    let part = Array(bytes[start...].prefix(most))
    return .typed("READ_FILE") {
      $0.key("size")
      $0.number(bytes.count)
      $0.key("data")
      $0.base64(part)
    }
  }
}

// MARK: - Of slaves

extension SlaveQuestion {
  func browse() throws(OperatorFault) -> OperatorReply { try files.browse(request) }
  func read() throws(OperatorFault) -> OperatorReply { try files.read(request) }
  func download() throws(OperatorFault) -> OperatorReply { try files.download(request) }
  func debug() throws(OperatorFault) -> OperatorReply { files.debug() }

  /// The slave's log, and the folders of its executors that who asks may see.
  var files: SimulatedFiles {
    var files = SimulatedFiles()
    files.writtenAt = snapshot.now
    let (id, host) = (snapshot.id?.value ?? "none yet", snapshot.info.hostname)
    files.texts["/slave/log"] = { "Agent started on \(host)\nRegistered with id \(id)\n" }
    for framework in frameworks + completedFrameworks {
      for executor in framework.completedExecutors + framework.executors
      where viewer.sees(executor.info, of: framework.info) {
        let folder = description.folder(of: executor, framework.info, snapshot.id)
        files.texts[folder + "/stdout"] = { executor.output(on: host) }
        files.texts[folder + "/stderr"] = { "" }
        let name = "/frameworks/\(framework.info.id?.value ?? "")/executors/"
        files.aliases["\(name)\(executor.info.executorID)/runs/latest"] = folder
      }
    }
    return files
  }
}

extension SlaveSnapshot.Executor {
  /// What stands in its output: what it has done, as far as that was noted.
  fileprivate func output(on host: String) -> String {
    var lines = ["Subscribed executor on \(host)"]
    for task in completed + terminated + launched {
      lines.append("Starting task \(task.id)")
      for status in task.statuses {
        let note = status.message.isEmpty ? "" : ": \(status.message)"
        lines.append("Task \(task.id) is \(status.state)\(note)")
      }
    }
    return lines.joined(separator: "\n") + "\n"
  }
}

// MARK: - Of masters

extension OperatorQuestion {
  func browse() throws(OperatorFault) -> OperatorPlan { .reply(try files.browse(request)) }
  func read() throws(OperatorFault) -> OperatorPlan { .reply(try files.read(request)) }
  func download() throws(OperatorFault) -> OperatorPlan { .reply(try files.download(request)) }
  func debug() throws(OperatorFault) -> OperatorPlan { .reply(files.debug()) }

  /// The master's log: what it has in its books.
  var files: SimulatedFiles {
    var files = SimulatedFiles()
    files.writtenAt = snapshot.now
    let snapshot = snapshot
    files.texts["/master/log"] = {
      var lines = [
        "Master \(snapshot.info.id) (\(snapshot.info.hostname)) started",
        "Elected as the leading master!",
      ]
      for slave in snapshot.slaves {
        lines.append("Registered agent \(slave.id) (\(slave.info.hostname)) with \(slave.total)")
      }
      for framework in snapshot.frameworks {
        let info = framework.info
        lines.append("Added framework \(info.id?.value ?? "") (\(info.name))")
      }
      return lines.joined(separator: "\n") + "\n"
    }
    return files
  }
}
