// Part of mesosim. Apache-2.0, see LICENSE.

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
        #expect(!attribute.hasPrefix("src=") && !attribute.hasPrefix("href="))
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

  @Test("the same runs give the same bytes")
  func deterministic() {
    #expect(Fixtures.makeReplicated().page == Fixtures.replicated.page)
  }
}
