// Part of mesosim. Apache-2.0, see LICENSE.
//
// Kind `aurora-cron`: whether a schedule is one, whether two are the same, and when it runs next.

import Mesos
import MesosFrameworks

struct AuroraCronEvaluator: ConformanceEvaluator {
  let kind = "aurora-cron"

  func evaluate(_ input: JSONValue) throws -> JSONValue {
    let text = try input.requiredString("schedule")
    let schedule: CronSchedule
    do throws(CronFault) { schedule = try CronSchedule(text) } catch {
      return .object(["valid": .bool(false), "message": .text(error.description)])
    }
    var isEqual: JSONValue?
    if let other = try input.optionalString("other") {
      isEqual = .bool((try? CronSchedule(other)) == schedule)
    }
    var runs: [JSONValue] = []
    if let from = try input.optionalString("from") {
      guard var time = Self.seconds(from) else {
        throw CaseInputError("input 'from' is no time; expected YYYY-MM-DDThh:mm:ssZ")
      }
      for _ in 0..<(try input.whole("count", default: 1)) {
        guard let next = schedule.next(after: time) else { break }
        time = next
        runs.append(.text(Self.text(next)))
      }
    }
    return .object([
      "valid": .bool(true), "equal": isEqual ?? JSONValue(.null), "next": .array(runs),
    ])
  }

  private static func seconds(_ text: String) -> Int64? {
    let parts = text.split { "-T:Z".contains($0) }.compactMap { Int($0) }
    guard parts.count == 6, text.utf8.count == 20, (1...12).contains(parts[1]),
      (1...31).contains(parts[2])
    else { return nil }
    let day = CalendarDay.number(year: Int64(parts[0]), month: parts[1], day: parts[2])
    return day * 86_400 + Int64(parts[3] * 3600 + parts[4] * 60 + parts[5])
  }

  private static func text(_ seconds: Int64) -> String {
    func digits(_ number: Int64, _ count: Int = 2) -> String {
      let text = String(number)
      return String(repeating: "0", count: max(0, count - text.utf8.count)) + text
    }
    // Runs are never before 1970 in what is recorded.
    let date = CalendarDay(seconds / 86_400)
    let rest = seconds % 86_400
    let day = [digits(date.year, 4), digits(Int64(date.month)), digits(Int64(date.day))]
    let time = [rest / 3600, rest / 60 % 60, rest % 60].map { digits($0) }
    return day.joined(separator: "-") + "T" + time.joined(separator: ":") + "Z"
  }
}
