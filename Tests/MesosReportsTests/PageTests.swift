// Part of mesosim. Apache-2.0, see LICENSE.

import Foundation
import MesosMetrics
import Testing

@testable import MesosReports

@Suite("Report page") struct PageTests {
  @Test("every page is well-formed, whatever the names in it")
  func wellFormed() {
    for report in Fixtures.all {
      let markup = MarkupChecker(report.page)
      #expect(markup.problems.isEmpty)
      #expect(markup.elements.contains("h1"))
    }
  }

  @Test("no user's text becomes markup")
  func escaping() {
    let page = Fixtures.hostile.page
    let markup = MarkupChecker(page)
    #expect(!markup.elements.contains("script"))
    #expect(!markup.elements.contains("b"))
    #expect(page.contains("&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;"))
    #expect(page.contains("&lt;b&gt;bold&lt;/b&gt; &amp; co"))
    #expect(page.contains("Who &lt;wins&gt;?"))
    #expect(page.contains("mesosim compare &#39;&lt;x&gt;&#39; &amp;&amp; rm"))
    #expect(page.contains("数据"))
  }

  @Test("the page fetches nothing and runs nothing")
  func selfContained() {
    for report in Fixtures.all {
      let page = report.page
      let markup = MarkupChecker(page)
      for word in ["http:", "https:", "@import", "url("] { #expect(!page.contains(word)) }
      for attribute in markup.attributes {
        #expect(!attribute.hasPrefix("src="))
        // Only what lies beside it.
        if attribute.hasPrefix("href=") {
          let files = ["summary.json", "utilization.csv", "jobs.csv"]
          #expect(files.contains(String(attribute.dropFirst(5))))
        }
        #expect(!attribute.hasPrefix("on"))
      }
      for element in ["script", "link", "iframe", "img"] {
        #expect(!markup.elements.contains(element))
      }
    }
  }

  @Test("numbers that are none never show")
  func numbers() {
    for report in Fixtures.all {
      let markup = MarkupChecker(report.page)
      for text in markup.attributes + [markup.text] {
        let words = text.lowercased().split { !$0.isLetter }
        #expect(!words.contains("nan") && !words.contains("inf"))
      }
    }
  }

  @Test("every plot has a title for those who cannot see it")
  func titles() {
    for report in Fixtures.all {
      let markup = MarkupChecker(report.page)
      let plots = markup.attributes.count { $0 == "role=img" }
      // One more is the title of the page.
      #expect(markup.elements.count { $0 == "title" } == plots + 1)
    }
  }

  @Test("the answer comes first, then job times, waits, distributions, utilization, how to repeat")
  func order() throws {
    let page = Fixtures.compare.page
    let landmarks = [
      "what does drf change against static?", "finishes big&#39;s jobs 2.0× sooner",
      "How long jobs take", "How long tasks wait", "Every job, not only the mean",
      "What each framework used over time",
      "The cluster over time", "Why utilization alone shows little here", "Run it again",
      "mesosim compare small.yaml",
    ]
    var rest = page[...]
    for landmark in landmarks {
      let range = try #require(
        rest.firstRange(of: landmark), "\(landmark) is missing or out of order")
      rest = rest[range.upperBound...]
    }
  }

  @Test("the page shows the scenario's notes, the cluster's capacity and what one seed is worth")
  func context() {
    let page = Report(
      comparing: [Fixtures.small.runs()], command: "x", notes: "Derived from <bytes>."
    ).page
    #expect(page.contains("<p class=\"notes\">Derived from &lt;bytes&gt;.</p>"))
    #expect(page.contains("<dt>cpus</dt><dd>8</dd>"))
    #expect(page.contains("<dt>memory</dt><dd>16\u{202F}GB</dd>"))
    #expect(page.contains("One seed; --replications 10 gives confidence intervals."))
    #expect(!Fixtures.replicated.page.contains("One seed"))
    #expect(!Fixtures.compare.page.contains("class=\"notes\""))
  }

  @Test("what utilization tells is computed: blocked capacity where the mean says nothing")
  func capacity() throws {
    let section = try #require(CapacitySection(Fixtures.compare))
    #expect(section.heading == "Why utilization alone shows little here")
    #expect(
      section.paragraphs[1]
        == "The difference is in what stood free while tasks waited for it: 7.1% of all cpus under "
        + "static, 0.0% under drf. Measured against what could have been used, static reached "
        + "71.4% and drf 100.0%.")
    let calm = try #require(CapacitySection(Fixtures.calm))
    #expect(
      calm.paragraphs[1].hasPrefix("Hardly any cpus stood free while tasks waited for it: 0.0%"))
    let hostile = try #require(CapacitySection(Fixtures.hostile))
    #expect(hostile.heading == "What utilization shows")
    #expect(CapacitySection(Fixtures.run)?.heading == "Where the capacity went")
  }

  @Test("BUG: the sixth allocator looked like the first; twelve have colour, mark and dashes")
  func looks() {
    let looks = (0..<12).map { Series($0, of: 12) }
    #expect(Set(looks.map(\.key)).count == 12)
    #expect(Set(looks.map(\.kind)).count == 12)
    let page = Fixtures.wide.page
    for look in looks {
      #expect(page.components(separatedBy: "--\(look.kind): #").count == 3, "light and dark")
      #expect(page.contains("class=\"curve \(look.kind)\"") || look.number == 0)
      #expect(page.contains("class=\"mark \(look.kind)\""))
    }
    let colours = PageStyle.text.matches(of: /--s[0-9]+: (#[0-9a-f]{6})/).map(\.output.1)
    #expect(colours.count == 24)
    #expect(Set(colours).count == 24)
    let dashes = PageStyle.text.matches(of: /dasharray: ([0-9 ]+);/).map(\.output.1)
    #expect(Set(dashes).count == dashes.count)
  }

  @Test("BUG: curves on top of each other looked like one; equal runs share an entry that says so")
  func equalRuns() {
    var runs = Fixtures.small.runs(allocators: [
      ("static", .fixed), ("drf", .shared), ("fair", .shared),
    ])
    for place in 1..<3 { runs[place].result.digest = "equal" }
    let page = Report(comparing: [runs], command: "x").page
    #expect(page.contains("<bdi>drf = fair</bdi>"))
    #expect(!page.contains("class=\"curve s2\""))
    // Both digests are still listed.
    #expect(page.components(separatedBy: "<code>equal</code>").count == 3)
  }

  @Test("BUG: a service had an empty plot of job times; what it used over time tells something")
  func service() throws {
    var cluster = ToyCluster(
      slaves: 1, names: ["service", "idle"],
      jobs: [
        [
          ToyCluster.Job(name: "s", submitted: 0, tasks: 2, seconds: 10_000),
          ToyCluster.Job(name: "t", submitted: 90, tasks: 1, seconds: 10_000),
        ], [],
      ])
    cluster.horizon = 100
    let run = cluster.runs()[1]
    #expect(run.result.frameworks[0].jobs.unfinished == 2)
    let page = Report(run: run, command: "x").page
    #expect(!page.contains("How long jobs take") && !page.contains("Every job, not only"))
    #expect(page.contains("All figures as a table"))
    let uses = try #require(UsePlots(Report(run: run, command: "x")))
    #expect(uses.views.map(\.name) == ["service", "idle"])
    #expect(uses.views.map { $0.counts.map(\.text) } == [["25.0%"], ["0.0%"]])
    #expect(UsePlots(Fixtures.idle) == nil)
  }

  @Test("on narrow screens every figure of a table carries the heading of its column")
  func narrowTables() {
    let page = Fixtures.replicated.page
    #expect(page.contains("data-label=\"furthest behind\""))
    #expect(page.contains("data-label=\"demand met\""))
    #expect(page.contains("data-label=\"mean job time\""))
    #expect(!page.contains("<table>"))
  }

  @Test("the same runs give the same bytes")
  func deterministic() {
    #expect(Fixtures.makeReplicated().page == Fixtures.replicated.page)
  }
}
