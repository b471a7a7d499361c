// Part of mesosim. Apache-2.0, see LICENSE.
//
// Why a test failed, in 40 lines at most: what was awaited, the nearest miss, what happened last,
// how things stand.

import Mesos
import MesosCluster
import VirtualTime

/// Something that a test expected of a cluster did not come, or came and should not have.
public struct TestFailure: Error, CustomStringConvertible {
  /// The file and the line of the test where it was expected; `nil` where that is not known.
  public typealias Place = (file: String, line: Int)

  /// The report.
  public let description: String
  /// Where in the test it was expected.
  public let place: Place?
  /// What was awaited, the first line of the report.
  let what: String
  /// Everything that frameworks heard and said and that the test did, one line each: what a report
  /// of 40 lines leaves out.
  public let log: String

  private static let mostEvents = 20
  private static let mostActs = 8
  private static let mostStates = 6

  init(
    _ what: String, nearest: String?, advice: String?, at place: Place?, in cluster: TestCluster
  ) {
    self.place = place
    self.what = what
    log = LogLine.all(of: cluster).map(\.text).joined(separator: "\n")
    var lines = [what]
    if let nearest { lines.append("  nearest: \(nearest)") }
    if let advice { lines.append("  advice: \(advice)") }
    lines.append("  at \(cluster.now):")
    lines += Self.states(of: cluster).map { "    \($0)" }
    let events = Self.events(of: cluster)
    lines.append(events.isEmpty ? "  nothing has happened" : "  last events:")
    lines += events.map { "    \($0)" }
    if let place { lines.append("  expected in \(Self.name(of: place.file)):\(place.line)") }
    lines.append("  the same again, with digest \(cluster.digest):")
    lines.append("    swift test --filter \(Self.filter(place?.file ?? cluster.origin))")
    description = lines.joined(separator: "\n")
  }

  private static func name(of file: String) -> Substring {
    file.split(separator: "/").last ?? Substring(file)
  }

  /// What finds the tests of a file, by their suite's name or by the file's.
  private static func filter(_ file: String) -> Substring {
    name(of: file).prefix { $0 != "." }
  }

  private static func states(of cluster: TestCluster) -> [String] {
    var lines = cluster.frameworks.prefix(mostStates).map { framework in
      let states = TaskState.allCases.compactMap { state in
        let count = framework.tasks.count { $0.state == state }
        return count > 0 ? "\(count) \(state)" : nil
      }
      let link = framework.isRegistered ? "connected" : "not connected"
      let tasks = states.isEmpty ? "no tasks" : states.joined(separator: ", ")
      return "\(framework.name): \(link)\(framework.isSuppressed ? ", suppressed" : ""); \(tasks)"
    }
    if cluster.frameworks.count > mostStates {
      lines.append("and \(cluster.frameworks.count - mostStates) other frameworks")
    }
    return lines
  }

  /// What frameworks heard and said, the last of it, and what the test did, in order.
  private static func events(of cluster: TestCluster) -> [String] {
    // What the test did explains most, however long ago it was.
    let acts = cluster.acts.suffix(mostActs)
    let events = cluster.frameworks.flatMap { framework in
      LogLine.of(framework.record, from: max(0, framework.history.count - mostEvents * 4))
    }
    let last = LogLine.inOrder(events).suffix(mostEvents - acts.count)
    return LogLine.inOrder(Array(acts) + last).map(\.text)
  }
}
