// Part of mesosim. Apache-2.0, see LICENSE.
//
// The facts of a run as lines of JSON, for people with `grep` and for programs.

import Mesos
public import MesosCluster
public import VirtualTime

import Foundation

/// Why an event log cannot be written.
public struct EventLogError: Error, CustomStringConvertible {
  /// Where it was to be written.
  public let path: String
  /// What is wrong, and what to do.
  public let reason: String

  /// The path and the reason.
  public var description: String { "\(path): \(reason)" }
}

/// Writes each fact of a run as a line of JSON (`--events`).
///
/// The first line is a header that identifies the run; each other has the instant `t` in
/// nanoseconds, the number `seq` of the fact, its `type`, and names instead of numbers. The file
/// appears when the log is finished, whole; with a name that ends in `.gz`, compressed.
public final class EventLog: ClusterEventSink {
  private let path: String
  private let aside: String
  private let file: FileHandle
  private unowned let cluster: Cluster
  private var buffer: [UInt8] = []
  private var sequence = 0
  private var taskNames: [Int32: String] = [:]
  private var failure: EventLogError?

  /// Opens a log.
  /// - Parameters:
  ///   - path: Where it is to stand in the end.
  ///   - header: What identifies the run, by key; values are written as they are.
  ///   - cluster: Where names are looked up.
  /// - Throws: `EventLogError` when nothing can be written there.
  public init(
    to path: String, header: [(key: String, value: String)], of cluster: Cluster
  ) throws(EventLogError) {
    self.path = path
    self.cluster = cluster
    aside = path + ".partial"
    guard FileManager.default.createFile(atPath: aside, contents: nil),
      let file = FileHandle(forWritingAtPath: aside)
    else {
      throw EventLogError(
        path: path, reason: "cannot be written; choose a file in a folder that you can write to")
    }
    self.file = file
    var line = JSONLine()
    line.add("type", "header")
    for (key, value) in header { line.add(key, value) }
    append(line)
  }

  /// Writes one fact.
  public func record(_ event: ClusterEvent, at now: Instant) {
    var line = JSONLine()
    line.add("t", now.nanoseconds)
    line.add("seq", sequence)
    sequence += 1
    describe(event, in: &line)
    append(line)
  }

  /// Writes what is left and puts the file in its place.
  /// - Throws: `EventLogError` when the disk is full or the place is gone.
  public func finish() throws(EventLogError) {
    flush()
    try? file.close()
    if let failure {
      unlink(aside)
      throw failure
    }
    if path.hasSuffix(".gz") { try compress() }
    guard rename(aside, path) == 0 else {
      unlink(aside)
      throw EventLogError(path: path, reason: "cannot be put in place; look at its folder")
    }
  }

  /// Forgets the log: no file is left.
  public func abandon() {
    try? file.close()
    unlink(aside)
  }

  private func append(_ line: JSONLine) {
    buffer += line.bytes
    if buffer.count > 1 << 16 { flush() }
  }

  private func flush() {
    guard failure == nil else { return }
    do { try file.write(contentsOf: buffer) } catch {
      failure = EventLogError(path: path, reason: "cannot be written; is the disk full?")
    }
    buffer.removeAll(keepingCapacity: true)
  }

  private func compress() throws(EventLogError) {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    // Without name and time, so that equal runs give equal bytes.
    process.arguments = ["gzip", "-n", "-f", "--suffix", ".z", "--", aside]
    process.standardInput = FileHandle.nullDevice
    do { try process.run() } catch {
      unlink(aside)
      throw EventLogError(path: path, reason: "gzip cannot be run; install it or drop '.gz'")
    }
    process.waitUntilExit()
    guard process.terminationStatus == 0, rename(aside + ".z", aside) == 0 else {
      unlink(aside)
      unlink(aside + ".z")
      throw EventLogError(path: path, reason: "gzip failed; is the disk full?")
    }
  }
}

// MARK: - Facts

extension EventLog {
  private func describe(_ event: ClusterEvent, in line: inout JSONLine) {
    switch event {
    case .offered(let framework, let slave, let resources):
      line.add("type", "offered")
      line.add(framework, slave, resources, in: cluster)
    case .offerEnded(let framework, let slave, let resources, let end):
      line.add("type", "offerEnded")
      line.add(framework, slave, resources, in: cluster)
      line.add("end", "\(end)")
    case .taskLaunched(let framework, let slave, let resources, let number):
      line.add("type", "taskLaunched")
      line.add(framework, slave, resources, in: cluster)
      let name = cluster.taskID(number, on: slave)?.value
      taskNames[number] = name
      line.add("task", name ?? "\(number)")
    case .taskRunning(let framework, let slave, let number):
      line.add("type", "taskRunning")
      line.add(framework, slave, nil, in: cluster)
      line.add("task", taskNames[number] ?? "\(number)")
    case .taskEnded(let framework, let slave, let resources, let state, let number):
      line.add("type", "taskEnded")
      line.add(framework, slave, resources, in: cluster)
      line.add("task", taskNames.removeValue(forKey: number) ?? "\(number)")
      line.add("state", "\(state)")
    case .taskRefused(let framework, let state):
      line.add("type", "taskRefused")
      line.add(framework, nil, nil, in: cluster)
      line.add("state", "\(state)")
    case .executorStarted(let framework, let slave, let resources):
      line.add("type", "executorStarted")
      line.add(framework, slave, resources, in: cluster)
    case .executorEnded(let framework, let slave, let resources):
      line.add("type", "executorEnded")
      line.add(framework, slave, resources, in: cluster)
    default: describeMembership(event, in: &line)
    }
  }

  private func describeMembership(_ event: ClusterEvent, in line: inout JSONLine) {
    switch event {
    case .slaveAdded(let slave, let resources):
      line.add("type", "slaveAdded")
      line.add(nil, slave, resources, in: cluster)
    case .slaveChanged(let slave, let resources):
      line.add("type", "slaveChanged")
      line.add(nil, slave, resources, in: cluster)
    case .slaveRemoved(let slave):
      line.add("type", "slaveRemoved")
      line.add(nil, slave, nil, in: cluster)
    case .slaveDisconnected(let slave):
      line.add("type", "slaveDisconnected")
      line.add(nil, slave, nil, in: cluster)
    case .slaveReconnected(let slave):
      line.add("type", "slaveReconnected")
      line.add(nil, slave, nil, in: cluster)
    case .frameworkAdded(let framework):
      line.add("type", "frameworkAdded")
      line.add(framework, nil, nil, in: cluster)
    case .frameworkRemoved(let framework):
      line.add("type", "frameworkRemoved")
      line.add(framework, nil, nil, in: cluster)
    case .frameworkDisconnected(let framework):
      line.add("type", "frameworkDisconnected")
      line.add(framework, nil, nil, in: cluster)
    case .frameworkConnected(let framework):
      line.add("type", "frameworkConnected")
      line.add(framework, nil, nil, in: cluster)
    case .frameworkLeft(let framework):
      line.add("type", "frameworkLeft")
      line.add(framework, nil, nil, in: cluster)
    case .masterElected(let master):
      line.add("type", "masterElected")
      line.add("master", "master-\(master + 1)")
    case .masterLost(let master):
      line.add("type", "masterLost")
      line.add("master", "master-\(master + 1)")
    case .fault(let number):
      line.add("type", "fault")
      line.add("fault", cluster.faultText(number))
    default: describeNote(event, in: &line)
    }
  }

  private func describeNote(_ event: ClusterEvent, in line: inout JSONLine) {
    switch event {
    case .jobSubmitted(let framework, let job):
      line.add("type", "jobSubmitted")
      line.add(framework, nil, nil, in: cluster)
      line.add("job", Int(job.number))
    case .jobFinished(let framework, let job):
      line.add("type", "jobFinished")
      line.add(framework, nil, nil, in: cluster)
      line.add("job", Int(job.number))
    case .jobAbandoned(let framework, let job):
      line.add("type", "jobAbandoned")
      line.add(framework, nil, nil, in: cluster)
      line.add("job", Int(job.number))
    case .demand(let framework, let shape, let delta):
      line.add("type", "demand")
      line.add(framework, nil, shape, in: cluster)
      line.add("delta", delta)
    case .taskWaited(let framework, let job, let since, let until):
      line.add("type", "taskWaited")
      line.add(framework, nil, nil, in: cluster)
      line.add("job", Int(job.number))
      line.add("since", since.nanoseconds)
      line.add("until", until.nanoseconds)
    default: line.add("type", "unknown")
    }
  }
}

/// One line of JSON, its keys in the order in which they are added.
private struct JSONLine {
  private var body: [UInt8] = Array("{".utf8)

  var bytes: [UInt8] { body + Array("}\n".utf8) }

  mutating func add(_ key: String, _ value: some BinaryInteger) {
    addKey(key)
    body += Array(String(value).utf8)
  }

  mutating func add(_ key: String, _ value: String) {
    addKey(key)
    addText(value)
  }

  mutating func add(
    _ framework: FrameworkIndex?, _ slave: SlaveIndex?, _ resources: Resources?,
    in cluster: Cluster
  ) {
    if let framework { add("framework", cluster.frameworkName(framework)) }
    if let slave { add("slave", cluster.slaveName(slave)) }
    if let resources { add("resources", resources.description) }
  }

  private mutating func addKey(_ key: String) {
    if body.count > 1 { body.append(UInt8(ascii: ",")) }
    addText(key)
    body.append(UInt8(ascii: ":"))
  }

  private mutating func addText(_ text: String) { body += JSONValue.quoted(text).utf8 }
}
