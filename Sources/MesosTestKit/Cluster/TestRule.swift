// Part of mesosim. Apache-2.0, see LICENSE.
//
// What a test has in hand while a rule about messages is in force.

public import MesosCluster
import VirtualTime

/// A rule about messages, from when it is made until it is removed.
public struct TestRule {
  let rule: MessageRule
  let cluster: TestCluster
  let text: String

  /// How many messages it was for so far.
  public var count: Int { rule.matched }

  /// Those messages, in the order in which they were sent.
  public var messages: [CarriedMessage] { rule.messages }

  /// How many messages it holds.
  public var heldCount: Int { rule.heldCount }

  /// Delivers what it holds, at once and in the order in which it was sent; it goes on holding.
  public func release() {
    cluster.note("released: \(text)")
    cluster.cluster.release(rule)
  }

  /// Lets time pass until it has been for so many messages.
  ///
  /// - Parameters:
  ///   - count: How many.
  ///   - limit: How long that may take.
  ///   - file: The file of the test.
  ///   - line: The line of the test.
  /// - Throws: `TestFailure` when it was for fewer by then.
  public func expectMatches(
    _ count: Int = 1, within limit: Duration = .zero, file: String = #filePath, line: Int = #line
  ) throws {
    let start = cluster.now
    if try cluster.advance(until: start + limit, at: (file, line), { self.count >= count }) {
      return
    }
    throw cluster.failure(
      "the rule '\(text)' was expected to match \(count) messages"
        + (limit == .zero ? "" : " within \(Text.of(limit)) from \(start) on"),
      nearest: "\(self.count) messages", at: (file, line))
  }

  /// Ends it; what it holds is delivered.
  ///
  /// - Parameters:
  ///   - file: The file of the test.
  ///   - line: The line of the test.
  /// - Throws: `TestFailure` when it was for no message at all: then the test tests nothing.
  public func remove(file: String = #filePath, line: Int = #line) throws {
    end()
    if count == 0 { throw cluster.failureOfIdleRule(text, at: (file, line)) }
  }

  func end() {
    cluster.note("removed: \(text)")
    cluster.end(self)
  }
}
