// Part of mesosim. Apache-2.0, see LICENSE.

import Mesos
import MesosCluster
import MesosMetrics
import Testing
import VirtualTime

@testable import MesosReports

@Suite("Answer in words") struct AnswerTests {
  /// A cluster of one slave whose frameworks each have one job of 8 tasks of so many seconds.
  private func report(
    _ names: [String], tasks: [Int], seconds: Int = 10, horizon: Int = 86_400,
    allocators: [(name: String, policy: ToyCluster.Policy)] = [
      ("static", .fixed), ("drf", .shared),
    ]
  ) -> Report {
    let jobs = zip(names.indices, tasks).map { index, count in
      count == 0
        ? []
        : [
          ToyCluster.Job(name: "job", submitted: index * 1000, tasks: count, seconds: seconds)
        ]
    }
    let cluster = ToyCluster(slaves: 1, names: names, jobs: jobs, horizon: horizon)
    return Report(comparing: [cluster.runs(allocators: allocators)], command: "x")
  }

  @Test("who gains is named, with how much")
  func gain() {
    let answer = Answer(report: report(["web", "sort"], tasks: [1, 8]))
    #expect(
      answer.sentence
        == "offer-based sharing (drf) finishes sort's jobs 2.0x sooner than static partitioning; "
        + "nobody loses")
    #expect(answer.remarks == ["a task waits 0s on average under drf, 4.4s under static"])
  }

  @Test("BUG: what stood in open offers was not told, nor whose they were")
  func heldOffers() {
    let collector = MetricsCollector()
    let whole = Resources(cpus: 10, mem: 1000)
    func record(_ fact: ClusterEvent, at second: Int) {
      collector.record(fact, at: .start + .seconds(second))
    }
    record(.slaveAdded(0, whole), at: 0)
    for framework in 0..<5 { record(.frameworkAdded(FrameworkIndex(framework)), at: 0) }
    for (framework, cpus) in [(0, 6), (1, 1), (2, 1), (3, 1)] {
      record(.offered(FrameworkIndex(framework), 0, Resources(cpus: Double(cpus))), at: 0)
    }
    // A moment on the way is no holding.
    record(.offered(4, 0, Resources(cpus: 1)), at: 50)
    record(.offerEnded(4, 0, Resources(cpus: 1), .declined), at: 50)
    let names = ["builds", "web", "ci", "store", "idle"]
    func report(upTo second: Int) -> Report {
      let identity = RunIdentity(
        scenario: "held", seed: 1, allocator: "drf", version: "0.1.0", digest: "0", events: 1,
        end: .start + .seconds(second), isPartial: false,
        frameworks: names.map { FrameworkIdentity(name: $0, role: "*") })
      let window = Instant.start + .seconds(second)
      return Report(run: collector.measured(identity, window: window) { _, _ in "" }, command: "x")
    }
    record(.frameworkLeft(4), at: 100)
    let told =
      "90.0% of all cpus stood in open offers: builds 60.0%, web 10.0%, ci 10.0%, "
      + "the rest 10.0%"
    #expect(Answer(report: report(upTo: 100)).remarks.contains(told))
    #expect(!Fixtures.run.terminalText(.plain).contains("open offers"))
  }

  @Test("tasks that did not end well are told with their reasons, the most frequent first")
  func taskEndings() {
    var run = Fixtures.small.runs()[1]
    #expect(Answer(report: Report(run: run, command: "x")).taskEndings == [])
    (run.result.tasks.failed, run.result.tasks.lost, run.result.tasks.error) = (3, 5, 1)
    run.result.tasks.byReason = [
      "REASON_SLAVE_REMOVED": 2, "REASON_INVALID_OFFERS": 3, "REASON_TASK_INVALID": 1,
    ]
    let reasons =
      "3 REASON_INVALID_OFFERS, 2 REASON_SLAVE_REMOVED, 1 REASON_TASK_INVALID, 3 without a reason"
    #expect(
      Answer(report: Report(run: run, command: "x")).remarks.last
        == "tasks that failed, were lost or were refused: 9 (\(reasons))")
    let compared = Report(comparing: [[Fixtures.small.runs()[0], run]], command: "x")
    #expect(
      Answer(report: compared).remarks.last
        == "tasks that failed, were lost or were refused: 9 under drf (\(reasons))")
  }

  @Test("who would be better off alone is told, and of whom that is not known")
  func slowdowns() {
    func remarks(_ allocators: [(name: String, policy: ToyCluster.Policy)]) -> [String] {
      let cluster = ToyCluster(
        slaves: 1, names: ["web", "sort", "idle"],
        jobs: [
          [.init(name: "a", submitted: 0, tasks: 1, seconds: 10)],
          [.init(name: "b", submitted: 100, tasks: 4, seconds: 10)], [],
        ])
      var runs = cluster.runs(allocators: allocators)
      let alone = cluster.runs(allocators: [("static", .fixed)])[0].jobs
      for place in runs.indices { runs[place].aloneJobs = alone }
      return Answer(report: Report(comparing: [runs], command: "x")).slowdowns
    }
    let part = "alone on the part of the cluster that static deals by default"
    let unknown = "no slowdown is known of idle (no jobs)"
    #expect(
      remarks([("drf", .shared), ("fair", .shared)]) == [
        "under fair, no framework's jobs take longer than \(part)", unknown,
      ])
    // Where everybody is alone under the baseline, the speedups have said it.
    #expect(remarks([("static", .fixed), ("drf", .shared)]) == [unknown])
    #expect(remarks([("drf", .shared)]) == [unknown])
    #expect(Answer(report: Fixtures.compare).slowdowns.isEmpty)
    var runs = Fixtures.small.runs(allocators: [("role", .fixed), ("static", .fixed)])
    let alone = Fixtures.small.runs(allocators: [("drf", .shared)])[0].jobs
    for place in runs.indices { runs[place].aloneJobs = alone }
    #expect(
      Answer(report: Report(comparing: [runs], command: "x")).slowdowns == [
        "under static, big's jobs take 2.0x as long as alone on the part of the cluster that "
          + "static deals by default; no framework loses more"
      ])
  }

  @Test("BUG: twelve equal runs named what failed twelve times; equal runs share a mention")
  func equalEndings() {
    var runs = Fixtures.small.runs(allocators: [
      ("static", .fixed), ("drf", .shared), ("fair", .shared),
    ])
    for place in 1...2 {
      runs[place].result.digest = "equal"
      runs[place].result.tasks.failed = 2
      runs[place].result.tasks.byReason = ["REASON_SLAVE_REMOVED": 2]
    }
    #expect(
      Answer(report: Report(comparing: [runs], command: "x")).taskEndings == [
        "tasks that failed, were lost or were refused: "
          + "2 under drf and fair (2 REASON_SLAVE_REMOVED)"
      ])
  }

  @Test("fairness is told of one run and of two allocators, if anybody competed")
  func fairness() {
    func report(_ figures: [(index: Double?, seconds: Double?)]) -> Report {
      var runs = Array(Fixtures.small.runs().suffix(figures.count))
      for (place, figure) in figures.enumerated() {
        runs[place].result.fairness.jainContended = figure.index
        runs[place].result.fairness.contendedSeconds = figure.seconds
      }
      return figures.count == 1
        ? Report(run: runs[0], command: "x") : Report(comparing: [runs], command: "x")
    }
    func remark(_ figures: (index: Double?, seconds: Double?)...) -> String? {
      let start =
        "Jain's index of shares by weight, while two frameworks or more want more than they have, "
        + "is "
      let remarks = Answer(report: report(figures)).fairness
      #expect(remarks.count < 2 && remarks.allSatisfy { $0.hasPrefix(start) })
      return remarks.first.map { String($0.dropFirst(start.count)) }
    }
    // What is not all of it is not shown as all of it.
    #expect(
      remark((0.5, 60), (0.9999, 4)) == "0.500 over 1m00s under static, 0.999 over 4.0s under drf "
        + "(1 is even)")
    #expect(
      remark((1, 60), (nil, 0)) == "1.000 over 1m00s under static; nobody competes under drf "
        + "(1 is even)")
    #expect(remark((nil, nil), (nil, 0)) == nil)
    #expect(remark((0.75, 9)) == "0.750 over 9.0s (1 is even)")
    // A ranking has a column for it.
    #expect(Answer(report: Fixtures.replicated).fairness.isEmpty)
  }

  @Test("a gain below one half is told as time saved")
  func smallGain() {
    // 4 of 8 cpus: 12 tasks take three rounds instead of two; 16 tasks would take four.
    let answer = Answer(report: report(["web", "sort"], tasks: [1, 24]))
    #expect(answer.sentence.contains("sort's jobs 2.0x sooner"))
    let three = Answer(report: report(["web", "sort", "idle"], tasks: [1, 5, 0]))
    #expect(three.sentence.contains("sort's jobs 3.0x sooner"))
  }

  @Test("who loses is named, also when nobody gains")
  func loss() {
    let reversed = report(
      ["web", "sort"], tasks: [1, 8], allocators: [("drf", .shared), ("static", .fixed)])
    #expect(
      Answer(report: reversed).sentence
        == "static gains nothing over drf: sort's jobs take 2.0x as long")
  }

  @Test("a loss beside a gain is not hidden")
  func gainAndLoss() {
    // Static keeps 4 cpus for web; shared, sort takes all eight before web comes.
    let cluster = ToyCluster(
      slaves: 1, names: ["web", "sort"],
      jobs: [
        [ToyCluster.Job(name: "w", submitted: 1, tasks: 1, seconds: 10)],
        [ToyCluster.Job(name: "s", submitted: 0, tasks: 8, seconds: 100)],
      ])
    let answer = Answer(report: Report(comparing: [cluster.runs()], command: "x"))
    #expect(
      answer.sentence
        == "offer-based sharing (drf) finishes sort's jobs 2.0x sooner than static partitioning; "
        + "but web's jobs take 11x as long")
  }

  @Test("who cannot be compared is not said to be fine")
  func uncompared() {
    let cluster = ToyCluster(
      slaves: 1, names: ["sort", "endless"],
      jobs: [
        [ToyCluster.Job(name: "s", submitted: 0, tasks: 8, seconds: 10)],
        [ToyCluster.Job(name: "e", submitted: 15, tasks: 1, seconds: 5000)],
      ], horizon: 100)
    let answer = Answer(report: Report(comparing: [cluster.runs()], command: "x"))
    #expect(
      answer.sentence
        == "offer-based sharing (drf) finishes sort's jobs 2.0x sooner than static partitioning; "
        + "nobody else is seen to lose, but no job of endless finished under both")
  }

  @Test("no difference is said to be none")
  func same() {
    let answer = Answer(report: report(["web", "sort"], tasks: [1, 4]))
    #expect(
      answer.sentence
        == "offer-based sharing (drf) and static partitioning differ by less than 1% in every "
        + "framework's job times")
    #expect(answer.remarks == ["no task waits under either"])
  }

  @Test("jobs that the horizon cut off are named as left out")
  func censored() {
    let answer = Answer(report: report(["sort", "web"], tasks: [16, 1], horizon: 25))
    #expect(
      answer.sentence
        == "only drf finishes sort's jobs")
    #expect(
      answer.remarks.contains(
        "1 of 1 jobs under static had not finished when the run ended at 20s"))
    #expect(
      answer.remarks.last
        == "times are compared over the 0 jobs that finished under both, without 1 that finished "
        + "under drf only")
  }

  /// One job of `first` that finishes soon, and jobs of `sort` on a cluster that is cut off at 45
  /// s.
  private func cutOff(_ allocators: [(name: String, policy: ToyCluster.Policy)]) -> Report {
    let cluster = ToyCluster(
      slaves: 1, names: ["first", "sort"],
      jobs: [
        [ToyCluster.Job(name: "f", submitted: 0, tasks: 1, seconds: 10)],
        (0..<4).map { ToyCluster.Job(name: "\($0)", submitted: 10, tasks: 8, seconds: 10) },
      ], horizon: 55)
    return Report(comparing: [cluster.runs(allocators: allocators)], command: "x")
  }

  @Test("jobs that finish under one allocator only count before job times")
  func finishedCounts() {
    let gain = Answer(report: cutOff([("static", .fixed), ("drf", .shared)])).sentence
    #expect(gain.hasPrefix("drf finishes 2 more of sort's jobs; offer-based sharing (drf) "))
    #expect(gain.hasSuffix("nobody loses"))
    let loss = Answer(report: cutOff([("drf", .shared), ("static", .fixed)])).sentence
    #expect(
      loss.hasPrefix("static finishes 2 fewer of sort's jobs; of those that finish under both"))
  }

  @Test("a mean wait is said to cover the tasks that ran, where others never did")
  func waitsOfThoseThatRan() {
    let waits = Answer(report: cutOff([("static", .fixed), ("drf", .shared)])).remarks[0]
    #expect(
      waits.hasSuffix(", of the tasks that ran; 12 under static still waited when the run ended"))
  }

  @Test("all jobs finished when the last one did, not when the window ended")
  func lastJobEnd() {
    let run = Fixtures.small.collector(.shared).measured(
      Fixtures.identity, window: .start + .seconds(18_000))
    #expect(
      Answer(report: Report(run: run, command: "x")).sentence
        .hasPrefix("all 3 jobs finished in 1m10s;"))
  }

  @Test("where no framework has jobs, nothing is claimed")
  func noJobs() {
    #expect(
      Answer(report: Fixtures.idle).sentence
        == "no framework told of jobs, so there are no job times to compare")
  }

  @Test("without frameworks the answer, the page and the table for a terminal say so")
  func noFrameworks() throws {
    let runs = ["static", "drf"].map { allocator in
      let collector = MetricsCollector()
      collector.record(.slaveAdded(0, Resources(cpus: 4, mem: 4096)), at: .start)
      let identity = RunIdentity(
        scenario: "empty", seed: 1, allocator: allocator, version: "0.1", digest: "00ff", events: 7,
        end: .start + .seconds(10), isPartial: false, frameworks: [])
      return collector.measured(identity, window: .start + .seconds(10))
    }
    let report = Report(comparing: [runs], command: "x")
    let sentence = "no framework takes part, so nothing is asked of the cluster"
    #expect(Answer(report: report).sentence == sentence)
    #expect(Answer(report: report).remarks == [])
    #expect(Answer(report: report).certainty == nil)
    #expect(
      try #require(CapacitySection(report)).paragraphs
        == ["All of it stood free, with nobody wanting it."])
    #expect(report.page.contains("\(sentence.sentenceCased)."))
    let text = report.terminalText(.plain)
    #expect(!text.contains("speedup"))
    #expect(text.hasSuffix("\n\n\(sentence.sentenceCased).\n"))
  }

  @Test("BUG: of several allocators the best is spoken of, and who is as good is named with it")
  func several() {
    let answer = Answer(
      report: report(
        ["web", "sort"], tasks: [1, 8],
        allocators: [("static", .fixed), ("wide", .fixed), ("drf", .shared), ("lottery", .shared)]))
    #expect(answer.challenger == "drf")
    #expect(answer.sentence.hasPrefix("of wide, drf and lottery, best are drf and lottery, "))
    #expect(answer.sentence.contains("which differ by less than 1%: offer-based sharing (drf) "))
  }

  @Test("a difference within the uncertainty of replications is no difference")
  func uncertain() throws {
    func runs(seed: UInt64, tasks: Int) -> [MeasuredRun] {
      ToyCluster(
        slaves: 1, names: ["web", "sort"],
        jobs: [[], [ToyCluster.Job(name: "s", submitted: 0, tasks: tasks, seconds: 10)]]
      ).runs(seed: seed)
    }
    // Twice as fast in one seed, the same in the other: 1.5 ± 6.4.
    let report = Report(
      comparing: [runs(seed: 1, tasks: 8), runs(seed: 2, tasks: 4)], command: "x")
    let row = try #require(report.comparison?.row(.speedup, of: "sort", under: "drf"))
    #expect(row.ratio == 1.5)
    #expect(Answer(report: report).sentence.contains("differ by less than the uncertainty"))
  }

  @Test("one run is told as what got done")
  func run() {
    #expect(
      Answer(report: Fixtures.run).sentence
        == "all 3 jobs finished in 1m10s; half of them took 10s or less")
    #expect(Answer(report: Fixtures.run).remarks == ["a task waits 0s on average before it runs"])
  }

  @Test("BUG: a run that was stopped says so before anything else")
  func partial() throws {
    #expect(
      Fixtures.hostile.terminalText(.plain).hasPrefix(
        "Partial: stopped at 10m00s of cluster time, so this covers a part only.\n"))
    let line = "<header>\n<p class=\"partial\">Partial: stopped at 10m00s of"
    #expect(Fixtures.hostile.page.contains(line))
    #expect(!Fixtures.compare.page.contains("Partial"))
    let report = Report(comparing: [Fixtures.small.runs()], isPartial: true, command: "x")
    #expect(
      report.terminalText(.plain).hasPrefix("Partial: stopped after 1 seed, more were wanted.\n"))
    #expect(String(decoding: try report.json(), as: UTF8.self).contains("\"partial\" : true"))
  }
}
