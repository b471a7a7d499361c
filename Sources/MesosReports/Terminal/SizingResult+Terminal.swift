// Part of mesosim. Apache-2.0, see LICENSE.
//
// How large a cluster has to be, on a terminal: the answers, what they rest on, and what was not
// looked at.

public import MesosMetrics

extension SizingResult {
  /// The result as text for a terminal, ending in a newline.
  /// - Parameter style: Whether it may carry colour.
  /// - Returns: The text.
  public func terminalText(_ style: Style) -> String {
    var lines =
      partial
      ? [style.paint("Partial: the search was stopped, so smaller clusters may do.", .bad)] : []
    lines += Prose.heading(scenario, headingDetail, style) + [""]
    lines += answers.lines(style)
    lines += ["", style.paint("sizes tried", .faint)]
    lines += trials.lines(style)
    lines.append("")
    for sentence in sentences {
      lines += TextTable.wrapped(sentence + ".").map { style.paint($0, .normal) }
    }
    lines += TextTable.wrapped(method + ".").map { style.paint($0, .faint) }
    return lines.joined(separator: "\n") + "\n"
  }

  private var objectiveText: String {
    let sign = objective.includesLimit ? "at most" : "below"
    return "\(objective.figure) \(sign) \(DurationText.text(objective.limitSeconds))"
  }

  private var headingDetail: String {
    let who = objective.framework.map { "of " + $0 } ?? "of every framework"
    let seedText =
      seeds.count == 1 ? "seed \(seeds[0])" : "in each of \(seeds.count) seeds from \(seeds[0])"
    let whose = group.map { " · slaves of \($0)" } ?? ""
    return "\(objectiveText) \(who)\(whose) · \(seedText)"
  }

  private var answers: TextTable {
    var table = TextTable([.name, .figure, .figure, .figure, .name])
    table.add(
      ["allocator", "slaves", "of \(scenarioSlaves)", objective.figure, "worst for"].map {
        .init($0, .faint)
      })
    for size in sizes {
      guard let slaves = size.slaves, let trial = size.tried.first(where: { $0.slaves == slaves })
      else {
        table.add([.init(size.allocator), .init(partial ? NumberText.unknown : "none", .bad)])
        continue
      }
      let part = Double(slaves) / Double(max(1, scenarioSlaves))
      table.add([
        .init(size.allocator), .init(String(slaves), .strong),
        .init(NumberText.factor(part) + "x"), .init(text(of: trial)), .init(trial.framework),
      ])
    }
    return table
  }

  private var trials: TextTable {
    var table = TextTable([.name, .figure, .figure, .name, .name])
    table.add(
      ["allocator", "slaves", objective.figure, "worst for", "meets it"].map { .init($0, .faint) })
    for size in sizes {
      for (place, trial) in size.tried.enumerated() {
        table.add([
          .init(place == 0 ? size.allocator : ""), .init(String(trial.slaves)),
          .init(text(of: trial)), .init(trial.framework),
          .init(trial.isMet ? "yes" : "no", trial.isMet ? .good : .bad),
        ])
      }
    }
    return table
  }

  private func text(of trial: TriedSize) -> String {
    trial.seconds.map { DurationText.text($0) } ?? "endless"
  }

  /// The answers in words, exceptions included.
  private var sentences: [String] {
    var sentences: [String] = []
    for size in sizes {
      let name = DisplayText.harmless(size.allocator)
      if size.slaves == nil, !partial, let last = size.tried.last {
        sentences.append(
          "Under \(name) no cluster of up to \(slavesMax) slaves meets it (\(text(of: last)) with "
            + "\(last.slaves)); " + size.wayOut)
      }
      if let slaves = size.slaves, !size.exceptions.isEmpty {
        let sizes = size.exceptions.map { String($0.slaves) }.joined(separator: ", ")
        sentences.append(
          "Under \(name) more is not always better: \(slaves) slaves meet it, \(sizes) do not; "
            + "plan with room to spare")
      }
    }
    let found = sizes.compactMap(\.slaves)
    if let least = found.min(), let most = found.max(), found.count > 1, least < most,
      let best = sizes.first(where: { $0.slaves == least }),
      let worst = sizes.first(where: { $0.slaves == most })
    {
      let part = NumberText.percent(1 - Double(least) / Double(most))
      sentences.append(
        "\(least) slaves do under \(DisplayText.harmless(best.allocator)) where it takes \(most) "
          + "under \(DisplayText.harmless(worst.allocator)): \(part) fewer")
    }
    return sentences
  }

  private var othersText: String {
    otherSlaves == 1 ? "the other one stays" : "the \(otherSlaves) others stay"
  }

  private var method: String {
    (group.map {
      "Only slaves of '\(DisplayText.harmless($0))' are counted; \(othersText). The "
        + "counts of static keep their proportions. "
    } ?? "Groups of slaves, and the counts of static, keep their proportions. ")
      + "Sizes were doubled or "
      + "halved, then bisected; the two on either side of each answer were run as well, sizes "
      + "further away that are not listed were not"
      + (seeds.count == 1 ? ". One seed: try --replications 5" : "")
  }
}

extension AllocatorSize {
  /// What to do when no size meets the objective.
  fileprivate var wayOut: String {
    // Where four times the slaves take off less than a third, more of them will not do.
    if let last = tried.last, let seconds = last.seconds,
      let quarter = tried.last(where: { $0.slaves <= last.slaves / 4 }),
      let before = quarter.seconds, seconds * 1.5 > before
    {
      return "it is \(DurationText.text(before)) with \(quarter.slaves), so it is not slaves that "
        + "are missing: look at the frameworks and the allocation interval"
    }
    return "relax the objective, or look further with --slaves-max"
  }
}
