// Part of mesosim. Apache-2.0, see LICENSE.
//
// What frameworks heard and said and what the test did, as lines in the order in which it happened.

import Mesos
import VirtualTime

/// Numbers what happens on a test's cluster.
final class LogOrder {
  private var last = 0

  func next() -> Int {
    last += 1
    return last
  }
}

/// Something that happened, in a line.
struct LogLine {
  /// Its place among all that happened.
  let order: Int
  let instant: Instant
  private let what: String

  init(_ order: Int, _ instant: Instant, _ what: String) {
    self.order = order
    self.instant = instant
    self.what = what
  }

  var text: String { "\(instant)  \(what)" }

  static func inOrder(_ lines: [LogLine]) -> [LogLine] { lines.sorted { $0.order < $1.order } }

  /// All that happened on a cluster.
  static func all(of cluster: TestCluster) -> [LogLine] {
    inOrder(cluster.acts + cluster.frameworks.flatMap { of($0.record) })
  }

  /// What a framework heard and said; of rounds of offers that are all declined, which say little,
  /// only the first of each series.
  ///
  /// - Parameters:
  ///   - record: The framework's record.
  ///   - start: From which entry on.
  /// - Returns: The lines.
  static func of(_ record: FrameworkRecord, from start: Int = 0) -> [LogLine] {
    let entries = joiningDeclines(record, from: start)
    var lines: [LogLine] = []
    var place = 0
    var series: (rounds: Int, last: Entry)?
    func endSeries() {
      if let (rounds, last) = series, rounds > 0 {
        let times = rounds == 1 ? "once" : "\(rounds) times"
        lines.append(
          LogLine(
            last.order, last.entry.instant, "\(record.name) -> declined offers \(times) more"))
      }
      series = nil
    }
    while place < entries.count {
      let isRound = isRefusedRound(entries[place...])
      if isRound, let (rounds, _) = series {
        series = (rounds + 1, entries[place])
      } else {
        endSeries()
        for entry in entries[place...].prefix(isRound ? 2 : 1) {
          lines.append(LogLine(entry.order, entry.entry.instant, text(entry.entry, of: record)))
        }
        if isRound { series = (0, entries[place]) }
      }
      place += isRound ? 2 : 1
    }
    endSeries()
    return lines
  }

  private typealias Entry = (order: Int, entry: HistoryEntry)

  private static func text(_ entry: HistoryEntry, of record: FrameworkRecord) -> String {
    switch entry.content {
    case .event(let event): "\(record.name) <- \(Text.of(event))"
    case .call(let call): "\(record.name) -> \(Text.of(call))"
    }
  }

  /// Whether it begins with offers of which all are declined at once.
  private static func isRefusedRound(_ entries: ArraySlice<Entry>) -> Bool {
    guard let first = entries.first?.entry, let second = entries.dropFirst().first?.entry,
      first.instant == second.instant, case .event(.resourceOffers(let offers)) = first.content,
      case .call(.declineOffers(let ids, _)) = second.content
    else { return false }
    return ids.count == offers.count
  }

  /// Makes one of refusals that follow one another.
  private static func joiningDeclines(_ record: FrameworkRecord, from start: Int) -> [Entry] {
    var joined: [Entry] = []
    for place in start..<max(start, record.entries.count) {
      let entry = record.entries[place]
      if case .call(.declineOffers(let more, let filters)) = entry.content,
        let last = joined.last, last.entry.instant == entry.instant,
        case .call(.declineOffers(var ids, filters)) = last.entry.content
      {
        for id in more { ids.append(id) }
        joined[joined.count - 1].entry = HistoryEntry(
          instant: entry.instant, content: .call(.declineOffers(ids, filters)))
      } else {
        joined.append((record.orders[place], entry))
      }
    }
    return joined
  }
}
