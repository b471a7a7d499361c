// Part of mesosim. Apache-2.0, see LICENSE.

import MesosMetrics
import Testing

@testable import MesosScenarios

@Suite("Objectives as text") struct ObjectiveParsingTests {
  @Test(
    "statistic, figure, limit and framework are read",
    arguments: [
      ("p95 wait < 60s", ServiceObjective(.percentile(95), of: .taskWait, below: .seconds(60))),
      ("mean job time < 5m", ServiceObjective(.mean, of: .jobTime, below: .seconds(300))),
      ("p50 job wait<10s", ServiceObjective(.percentile(50), of: .jobWait, below: .seconds(10))),
      (
        "median task wait < 1.5s",
        ServiceObjective(.percentile(50), of: .taskWait, below: .milliseconds(1500))
      ),
      (
        "max wait <= 2m of web",
        ServiceObjective(
          .max, of: .taskWait, below: .seconds(120), includesLimit: true, framework: "web")
      ),
      (
        "  p99   job time of web < 1h ",
        ServiceObjective(.percentile(99), of: .jobTime, below: .seconds(3600), framework: "web")
      ),
    ])
  func good(text: String, objective: ServiceObjective) throws {
    #expect(try ServiceObjective(parsing: text) == objective)
  }

  @Test(
    "what is wrong is said, with an example",
    arguments: [
      ("", "has no '<' before its limit"), ("p95 wait 60s", "has no '<' before its limit"),
      ("p95 wait < 60s < 70s", "has more than one '<'"), ("< 60s", "says nothing before '<'"),
      ("p95 < 60s", "does not say of what; expected 'wait', 'job wait' or 'job time'"),
      ("p95 wiat < 60s", "unknown figure 'wiat'; did you mean 'wait'?"),
      ("p100 wait < 60s", "unknown statistic 'p100'"), ("p0 wait < 60s", "unknown statistic 'p0'"),
      ("maen wait < 60s", "did you mean 'mean'?"), ("p95 wait < 60", "'60' is no limit"),
      ("p95 wait <", "has no limit; expected a duration"),
      ("p95 wait < -5s", "'-5s' is no limit"), ("p95 wait < 0s", "'0s' is no limit"),
      ("p95 wait < 60s of", "expected one framework's name after one 'of'"),
      ("p95 wait of a < 60s of b", "expected one framework's name after one 'of'"),
      ("p95 wait < 60s of a b", "expected one framework's name after one 'of'"),
    ])
  func bad(text: String, reason: String) {
    #expect {
      try ServiceObjective(parsing: text)
    } throws: { error in
      let message = "\(error)"
      return message.hasPrefix("'\(text)': ") && message.contains(reason)
        && message.hasSuffix("'p95 wait < 60s' or 'mean job time < 5m of web'")
    }
  }
}
