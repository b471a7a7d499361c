// Part of mesosim. Apache-2.0, see LICENSE.
//
// How long services were up, in words.

import MesosMetrics

extension ServiceResult {
  /// The part of the time that was wanted, such as `up 99.97%`; never rounded up to all of it.
  var upText: String {
    guard let upFraction else { return "up " + NumberText.unknown }
    if upFraction >= 1 { return "up 100%" }
    return "up \(NumberText.fixed((upFraction * 10_000).rounded(.down) / 100, 2))%"
  }

  /// What has to be said beside that, such as `below 3 for 2.5 min, 4 restarts`.
  var words: String {
    var words: [String] = [upText]
    if let secondsBelow, secondsBelow > 0 {
      words.append("below what is wanted for \(DurationText.text(secondsBelow))")
    }
    if let secondsDown, secondsDown > 0 {
      words.append("not at all there for \(DurationText.text(secondsDown))")
    }
    words.append("\(NumberText.count(restarts)) \(restarts == 1 ? "restart" : "restarts")")
    if up < wanted {
      words.append("\(NumberText.count(up)) of \(NumberText.count(wanted)) at the end")
    }
    return words.joined(separator: ", ")
  }
}

extension Answer {
  /// For each allocator what became of the services, a sentence each.
  var services: [String] {
    report.variants.flatMap { variant -> [String] in
      let under = under(variant)
      let place = under.isEmpty ? "" : under + ", "
      return report.results[variant.place].frameworks.compactMap { framework in
        framework.service.map {
          "\(place)the service \(DisplayText.cut(framework.name, to: 20)) was \($0.words)\(firstSeed)"
        }
      }
    }
  }
}
