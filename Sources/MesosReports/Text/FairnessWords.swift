// Part of mesosim. Apache-2.0, see LICENSE.
//
// How evenly those shared who competed, and how long they did, in words.

import MesosMetrics

/// How evenly frameworks shared under one allocator while they competed; means over the seeds.
struct CompetitionFigures {
  /// How long at least two frameworks wanted more than they had; `nil` when that is not known.
  let seconds: Double?
  /// Jain's index of shares by weight in that time.
  let index: Double?

  init(_ results: [RunResult]) {
    seconds = Statistics.mean(results.compactMap(\.fairness.contendedSeconds))
    index = Statistics.mean(results.compactMap(\.fairness.jainContended))
  }
}

extension Answer {
  /// How evenly frameworks shared while they competed; a ranking has columns for it.
  var fairness: [String] {
    guard Ranking(report) == nil else { return [] }
    var (indices, calm): ([String], [String]) = ([], [])
    for (variant, results) in resultsByVariant {
      let figures = CompetitionFigures(results)
      let place = under(variant).isEmpty ? "" : " " + under(variant)
      if let index = figures.index {
        let time = DurationText.text(figures.seconds)
        indices.append("\(NumberText.index(index)) over \(time)\(place)")
      } else if figures.seconds == 0 {
        calm.append("nobody competes" + place)
      }
    }
    guard !indices.isEmpty else { return [] }
    let figures = ([indices.joined(separator: ", ")] + calm).joined(separator: "; ")
    return [
      "Jain's index of shares by weight, while two frameworks or more want more than they have, "
        + "is \(figures) (1 is even)"
    ]
  }
}
