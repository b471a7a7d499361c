// Part of mesosim. Apache-2.0, see LICENSE.
//
// Instants and lengths of time: round ones as often as odd ones, because timers are round and what
// people write is, too.

internal import SimulationKernel

extension Chooser {
  /// An instant in milliseconds from the start of the run.
  ///
  /// Half of those drawn are multiples of 15 s (the time between two pings), 5 s or a minute.
  /// - Parameters:
  ///   - name: The name of the choice.
  ///   - latest: The latest instant.
  ///   - trivial: The trivial instant.
  ///   - others: Instants at which something else happens; some of those drawn are among them.
  ///   - spans: Times during which something else lasts; some of those drawn lie in one.
  /// - Returns: The instant.
  package func instant(
    _ name: String, upTo latest: Int, trivial: Int, near others: [Int] = [],
    during spans: [ClosedRange<Int>] = []
  ) -> Int {
    integer(name, 0...latest, trivial: min(trivial, latest), isTime: true) { stream in
      let kind = stream.uniform()
      // At the very start nobody has registered yet.
      if kind < 0.04 { return 0 }
      if !others.isEmpty, kind < 0.17 { return others[stream.integer(below: others.count)] }
      if !spans.isEmpty, kind < 0.35 {
        let span = spans[stream.integer(below: spans.count)]
        return span.lowerBound + stream.integer(below: span.count)
      }
      let grids = [15_000, 5_000, 60_000]
      let grid = stream.uniform() < 0.5 ? grids[stream.integer(below: grids.count)] : 1
      return stream.integer(below: latest / grid + 1) * grid
    }
  }

  /// A length of time in milliseconds, at least one; half of those drawn stand in the list.
  /// - Parameters:
  ///   - name: The name of the choice.
  ///   - telling: Lengths that matter more than others.
  ///   - most: The greatest length.
  ///   - trivial: The trivial length.
  ///   - rests: How long other things still last; some of those drawn are over before one of them.
  /// - Returns: The length.
  package func length(
    _ name: String, _ telling: [Int], upTo most: Int, trivial: Int, within rests: [Int] = []
  ) -> Int {
    integer(name, 1...most, trivial: trivial, isTime: true) { stream in
      if !rests.isEmpty, stream.uniform() < 0.35 {
        return 1 + stream.integer(below: rests[stream.integer(below: rests.count)])
      }
      if stream.uniform() < 0.5 { return telling[stream.integer(below: telling.count)] }
      // Short ones as often as long ones.
      let scale = [10_000, 100_000, most][stream.integer(below: 3)]
      return 1 + stream.integer(below: min(scale, most))
    }
  }

  /// Milliseconds as scenarios write them, in the largest unit that is exact.
  package static func text(milliseconds: Int) -> String {
    if milliseconds % 1000 != 0 { return "\(milliseconds)ms" }
    let seconds = milliseconds / 1000
    return seconds % 60 == 0 && seconds > 0 ? "\(seconds / 60)m" : "\(seconds)s"
  }
}
