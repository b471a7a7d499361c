// Part of mesosim. Apache-2.0, see LICENSE.

import MesosMetrics
import Testing

@testable import MesosReports

@Suite("Report on a terminal") struct TerminalTests {
  @Test("a comparison lists frameworks, then the cluster, then the answer")
  func compare() {
    // 10 tasks of 10 cpu seconds on 8 cpus in 70 s; static leaves 4 cpus free while 4 tasks wait 10
    // s.
    #expect(
      Fixtures.compare.terminalText(.plain) == """
        small   1 slave · 1m10s of cluster time · seed 42

                  jobs  job time  p95  speedup  job wait  task wait  p95
        small
          static   2/2       10s  10s                 0s         0s   0s
          drf      2/2       10s  10s    1.00x        0s         0s   0s
        big
          static   1/1       20s  20s                 0s       5.0s  10s
          drf      1/1       10s  10s     2.0x        0s         0s   0s
        Job time and job wait count each job once, task wait counts each task once.

        cluster  cpus used  offered  blocked  no demand  demand met
        static       17.9%     0.0%     7.1%      75.0%       71.4%
        drf          17.9%     0.0%     0.0%      82.1%      100.0%

        cluster  mem used  offers  accepted  tasks  lost
        static       8.9%      10        10     10     0
        drf          8.9%      10        10     10     0

        Offer-based sharing (drf) finishes big's jobs 2.0x sooner than static
        partitioning; nobody loses.
        A task waits 0s on average under drf, 4.0s under static.
        One seed; --replications 10 gives confidence intervals.

        """)
  }

  @Test("the slowdown of each framework stands in its row, on the terminal and on the page")
  func slowdowns() {
    var runs = Fixtures.small.runs()
    for place in runs.indices { runs[place].aloneJobs = runs[0].jobs }
    let report = Report(comparing: [runs], command: "x")
    let text = report.terminalText(.plain)
    #expect(
      text.contains(
        """
                  jobs  job time  p95  speedup  slowdown  job wait  task wait
        small
          static   2/2       10s  10s              1.00x        0s         0s
          drf      2/2       10s  10s    1.00x     1.00x        0s         0s
        big
          static   1/1       20s  20s              1.00x        0s       5.0s
          drf      1/1       10s  10s     2.0x     0.50x        0s         0s

        """))
    #expect(text.contains("below 1 a framework gains by sharing."))
    #expect(report.page.contains("data-label=\"slowdown\">0.50×</td>"))
    // One that finishes nothing alone has none, and is named.
    for place in runs.indices { runs[place].aloneJobs?[1] = [] }
    let stuck = Report(comparing: [runs], command: "x").terminalText(.plain)
    #expect(stuck.contains("  2.0x         –        0s"))
    #expect(stuck.contains("No slowdown is known of big (alone on its part, no job finishes)."))
  }

  @Test("one run has the same tables without a comparison")
  func run() {
    #expect(
      Fixtures.run.terminalText(.plain) == """
        small   1 slave · 1m10s of cluster time · seed 42

        framework  jobs  job time  p50  p95  job wait  task wait  p95
        small       2/2       10s  10s  10s        0s         0s   0s
        big         1/1       10s  10s  10s        0s         0s   0s
        Job time and job wait count each job once, task wait counts each task once.

        cluster  cpus used  offered  blocked  no demand  demand met
        drf          17.9%     0.0%     0.0%      82.1%      100.0%

        cluster  mem used  offers  accepted  tasks  lost
        drf          8.9%      10        10     10     0

        All 3 jobs finished in 1m10s; half of them took 10s or less.
        A task waits 0s on average before it runs.

        """)
  }

  @Test("the scenario's notes are the last line, as one paragraph")
  func notes() {
    let report = Report(
      run: Fixtures.small.runs()[1], command: "x", notes: "Tasks are\n  derived from bytes.\n")
    #expect(report.terminalText(.plain).hasSuffix("\nTasks are derived from bytes.\n"))
    #expect(
      report.terminalText(.colored).hasSuffix("\u{1B}[2mTasks are derived from bytes.\u{1B}[0m\n"))
  }

  @Test("BUG: what was warned of was in no report: text, page and JSON tell it")
  func warnings() throws {
    let warning = "line 7: faults[0].at: after the end, <10m>: it never happens"
    var runs = Fixtures.small.runs()
    runs[1].result.warnings = ["operator[0]: 409 Conflict"]
    let compare = Report(comparing: [runs], command: "x", warnings: [warning])
    #expect(compare.comparison?.warnings == [warning, "under drf: operator[0]: 409 Conflict"])
    let run = Report(run: runs[1], command: "x", warnings: [warning])
    #expect(run.baseline.warnings == [warning, "operator[0]: 409 Conflict"])
    for report in [compare, run] {
      let text = report.terminalText(.plain)
      #expect(text.contains("\nWarning: line 7: faults[0].at: after the end, <10m>: it never"))
      #expect(text.contains("operator[0]: 409 Conflict.\n"))
      let page = report.page
      #expect(page.contains("<p class=\"remark warning\">Warning: line 7: faults[0].at: after the"))
      #expect(!page.contains("<10m>"))
      #expect(String(decoding: try report.json(), as: UTF8.self).contains("409 Conflict"))
    }
    // The same under every allocator is no matter of one.
    let twice = Comparison([[runs[1], runs[1]]])
    #expect(twice.warnings == ["operator[0]: 409 Conflict"])
    let many = Report(run: runs[0], command: "x", warnings: (1...20).map { "number \($0)" })
    #expect(many.warnings.last == "and 8 more warnings, all in summary.json")
    #expect(!Fixtures.compare.terminalText(.plain).contains("arning"))
  }

  @Test("jobs that the end of the run cut off are told, allocator by allocator")
  func cutOff() {
    let text = Fixtures.hostile.terminalText(.plain)
    #expect(text.contains("\n1 of 41 jobs under static, "))
    #expect(text.contains(" under drf had not finished when the run ended at\n10m00s."))
  }

  @Test("BUG: lines of a report were up to 100 columns wide; 80, whatever the names and figures")
  func width() {
    for report in Fixtures.all + [Fixtures.wide] {
      for line in report.terminalText(.plain).split(separator: "\n") {
        #expect(DisplayText.width(String(line)) <= 80, "\(line)")
      }
    }
  }

  @Test("BUG: allocators whose runs are equal had a row each; they share one, also in remarks")
  func equalRuns() throws {
    var runs = Fixtures.small.runs(allocators: [
      ("static", .fixed), ("drf", .shared), ("fair", .shared), ("lottery", .shared),
    ])
    for place in 1..<4 { runs[place].result.digest = "equal" }
    func report() -> Report { Report(comparing: [runs], command: "x") }
    let text = report().terminalText(.plain)
    #expect(text.contains("\n  static   2/2 "))
    #expect(text.contains("\n  drf +2   2/2 "))
    #expect(text.contains("\ndrf +2       17.9%"))
    #expect(text.contains("number behind a name, as +1, counts the others"))
    #expect(!text.contains("\n  fair"))
    runs[3].result.digest = "other"
    #expect(report().variants.map(\.label) == ["static", "drf = fair", "lottery"])
    for place in 0..<4 { runs[place].result.digest = "equal" }
    #expect(report().variants.map(\.isBaseline) == [false])
  }

  @Test("colour changes nothing but colour, and no user's text can add any")
  func colour() {
    for report in Fixtures.all {
      let colored = report.terminalText(.colored)
      let plain = report.terminalText(.plain)
      #expect(!plain.contains("\u{1B}"))
      #expect(colored.contains("\u{1B}[1m"))
      #expect(colored.replacing(/\u{1B}\[[0-9]+m/, with: "") == plain)
    }
  }

  @Test("with replications, speedups carry their uncertainty")
  func replicated() {
    let text = Fixtures.replicated.terminalText(.plain)
    let words = text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    #expect(words.contains("speedups over 5 seeds, ± 95% confidence"))
    #expect(text.contains("1.00x ±0.00"))
    #expect(
      words.contains(
        "Sentences, speedups and ranking are over 5 seeds; every other figure is of seed 0, the"))
    #expect(!text.contains("One seed"))
  }
}
