// Part of mesosim. Apache-2.0, see LICENSE.
//
// The plot that answers the question: for each framework how long something took under each
// allocator, all on one axis, the figures written beside it.

import MesosMetrics

/// A figure with a row for each framework and a lane for each allocator in it.
struct FrameworkRows {
  /// What one lane shows, in seconds; nothing where nothing was measured.
  struct Lane {
    var allocator: String
    var series: Series
    var times = Quantiles()
    /// What to say where nothing was measured.
    var absence: String
    /// What stands at the end of the lane, and whether that is good.
    var note: String = ""
    var noteKind: String = ""
  }

  /// The lanes of one framework.
  struct Row {
    var name: String
    var lanes: [Lane]
  }

  /// What is shown, such as `job time`.
  let subject: String
  let rows: [Row]
  let axis: TimeAxis

  private static let laneHeight = 22

  init(subject: String, rows: [Row]) {
    self.subject = subject
    self.rows = rows
    axis = TimeAxis(
      covering: rows.flatMap(\.lanes).flatMap { [$0.times.mean, $0.times.p50, $0.times.p95] }
        .compactMap { $0 })
  }

  /// What the template shows.
  var view: View {
    View(
      rows: rows.map { row in
        RowView(
          name: DisplayText.harmless(row.name), strip: strip(row), lanes: row.lanes.map(laneView))
      },
      axis: SVG.plot(height: 20, title: "axis of \(subject)", [SVG.axis(axis.ticks, at: 14)]),
      scale: axis.isLogarithmic ? "The axis is logarithmic." : "")
  }

  private func laneView(_ lane: Lane) -> LaneView {
    LaneView(
      key: lane.series.key, allocator: DisplayText.harmless(lane.allocator),
      isMeasured: lane.times.mean != nil, absence: lane.absence,
      mean: DurationText.text(lane.times.mean),
      p95: lane.times.texts[2], note: lane.note, noteKind: lane.noteKind)
  }

  private func strip(_ row: Row) -> String {
    let height = row.lanes.count * FrameworkRows.laneHeight
    let title = row.lanes.map { lane in
      guard let mean = lane.times.mean else { return "\(lane.allocator): \(lane.absence)" }
      return "\(lane.allocator): mean \(DurationText.text(mean)), median "
        + "\(lane.times.texts[1]), 95th percentile \(lane.times.texts[2])"
    }.joined(separator: "; ")
    let grid = axis.ticks.map { SVG.gridLine(at: $0.percent, height: height) }
    let lanes = row.lanes.enumerated().map { index, lane in
      marks(lane, at: index * FrameworkRows.laneHeight + FrameworkRows.laneHeight / 2)
    }
    return SVG.plot(height: height, title: "\(subject) of \(row.name). \(title)", grid + lanes)
  }

  /// A line from the median to the 95th percentile, or to the edge if that has no end, a stroke at
  /// the median, the mean as a mark.
  private func marks(_ lane: Lane, at height: Int) -> String {
    guard let mean = lane.times.mean else { return "" }
    let from = SVG.text(lane.times.p50.map(axis.percent) ?? 100)
    let to = SVG.text(lane.times.p95.map(axis.percent) ?? 100)
    let kind = lane.series.kind
    return
      "<line class=\"range \(kind)\" x1=\"\(from)%\" x2=\"\(to)%\" y1=\"\(height)\" y2=\"\(height)\"/>"
      + "<line class=\"median \(kind)\" x1=\"\(from)%\" x2=\"\(from)%\" y1=\"\(height - 5)\" "
      + "y2=\"\(height + 5)\"/>" + lane.series.mark(at: axis.percent(mean), height)
  }

  /// The figure, ready for the template.
  struct View {
    let rows: [RowView]
    let axis: String
    let scale: String
  }

  /// A row, ready for the template.
  struct RowView {
    let name: String
    let strip: String
    let lanes: [LaneView]
  }

  /// A lane's figures, ready for the template.
  struct LaneView {
    let key: String
    let allocator: String
    let isMeasured: Bool
    let absence: String
    let mean: String
    let p95: String
    let note: String
    let noteKind: String
  }
}
