// Part of mesosim. Apache-2.0, see LICENSE.
//
// Where two allocators part, on a terminal: both decisions, and both tables of shares side by side.

public import MesosMetrics

extension LockstepResult {
  /// The result as text for a terminal, ending in a newline.
  /// - Parameter style: Whether it may carry colour.
  /// - Returns: The text.
  public func terminalText(_ style: Style) -> String {
    let names = allocators.map { DisplayText.harmless($0) }
    var lines =
      Prose.heading(
        scenario, "\(names.joined(separator: " and ")) in lock step · seed \(seed)", style)
      + [""]
    guard let divergence else {
      let end = partial ? "until the run was stopped" : "to the end"
      lines += TextTable.wrapped(
        "no difference: \(NumberText.count(agreedDecisions)) decisions alike, \(end)")
      return lines.joined(separator: "\n") + "\n"
    }
    lines += TextTable.wrapped(
      "they part at \(InstantText.text(divergence.seconds)), event "
        + "\(NumberText.count(divergence.event)) of what the allocators were told, after "
        + "\(NumberText.count(agreedDecisions)) decisions alike"
    ).map { style.paint($0, .strong) }
    lines.append("")
    lines += decisionTable(divergence).lines(style)
    lines.append("")
    lines += shareTable(divergence).lines(style)
    lines.append("")
    lines += TextTable.wrapped(
      "shares are dominant shares of what each holds, offers included: before this instant, and "
        + "after what each allocator decides at it."
    ).map { style.paint($0, .faint) }
    return lines.joined(separator: "\n") + "\n"
  }

  private func decisionTable(_ divergence: DivergenceResult) -> TextTable {
    var table = TextTable([.name, .figure, .name, .name, .name, .name])
    table.add(
      ["allocator", "decisions", "first other", "role", "slave", "resources"].map {
        .init($0, .faint)
      })
    for (place, decision) in [divergence.first, divergence.second].enumerated() {
      let head = [
        TextTable.Cell(allocators[place]), .init(String(divergence.decisions[place])),
      ]
      guard let decision else {
        table.add(head + [.init("none", .faint)])
        continue
      }
      table.add(
        head
          + [decision.framework, decision.role, decision.slave, decision.resources].map {
            .init($0)
          })
    }
    return table
  }

  private func shareTable(_ divergence: DivergenceResult) -> TextTable {
    var table = TextTable([.name, .name, .figure, .figure, .figure])
    let names = allocators.map { DisplayText.cut($0, to: 16) }
    table.add((["role", "framework", "before"] + names).map { .init($0, .faint) })
    for share in divergence.shares {
      let isSame = share.first == share.second
      table.add([
        .init(share.framework == nil ? share.role : ""), .init(share.framework ?? ""),
        .init(NumberText.percent(share.before), .faint),
        .init(NumberText.percent(share.first), isSame ? .faint : .normal),
        .init(NumberText.percent(share.second), isSame ? .faint : .normal),
      ])
    }
    return table
  }
}

/// Writes instants exactly, as `1:02:03.25`.
enum InstantText {
  /// An instant in seconds from the start, to the microsecond.
  static func text(_ seconds: Double?) -> String {
    guard let seconds, seconds >= 0, seconds < 9e12 else { return NumberText.unknown }
    let micros = Int64((seconds * 1e6).rounded())
    let whole = micros / 1_000_000
    func two(_ value: Int64) -> String { value < 10 ? "0\(value)" : String(value) }
    let fraction = NumberText.exact(micros % 1_000_000, decimals: 6).dropFirst()
    return "\(whole / 3600):\(two(whole / 60 % 60)):\(two(whole % 60))\(fraction)"
  }
}
