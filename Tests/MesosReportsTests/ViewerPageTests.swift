// Part of mesosim. Apache-2.0, see LICENSE.
//
// Goal: the page of a recorded run needs nothing but itself, and no name in it becomes markup. What
// its scripts do, `Tests/Page/run` looks at in a browser.

import Foundation
import Testing

@testable import MesosReports

@Suite("Viewer page") struct ViewerPageTests {
  private func page(_ log: EmbeddedLog?) -> String {
    String(decoding: ViewerPage.page(log), as: UTF8.self)
  }

  @Test("the page fetches nothing")
  func selfContained() {
    let page = page(EmbeddedLog(name: "a.jsonl", contents: Data("{}\n".utf8), isCompressed: false))
    for word in ["http:", "https:", "@import", "url(", "src=", "href=\"viewer", "<!-- log -->"] {
      #expect(!page.contains(word), "\(word)")
    }
  }

  @Test(
    "text reaches the page as text alone",
    arguments: [
      "innerHTML", "outerHTML", "insertAdjacent",
      "document.write", "eval(", "new Function",
    ])
  func noMarkupFromText(_ word: String) {
    for (name, contents) in ViewerFiles.scripts {
      #expect(!String(decoding: contents, as: UTF8.self).contains(word), "\(name): \(word)")
    }
  }

  @Test("each script stands in the page once, whole")
  func scripts() {
    let page = page(nil)
    #expect(page.components(separatedBy: "</script>").count == ViewerFiles.scripts.count + 1)
    for (_, contents) in ViewerFiles.scripts {
      #expect(page.contains(String(decoding: contents, as: UTF8.self)))
    }
    #expect(page.contains(String(decoding: ViewerFiles.css, as: UTF8.self)))
    #expect(!page.contains("id=\"log\""))
  }

  @Test("the log is in the page as it is, under a name that stays a name")
  func log() {
    let contents = Data((0..<300).map { UInt8(truncatingIfNeeded: $0) })
    let page = page(
      EmbeddedLog(
        name: "\"><img src=x onerror=alert(1)>&.gz", contents: contents, isCompressed: true,
        isCut: true))
    #expect(page.contains(">\(contents.base64EncodedString())</script>"))
    #expect(page.contains("data-name=\"&quot;>&lt;img src=x onerror=alert(1)>&amp;.gz\""))
    #expect(page.contains("data-encoding=\"gzip\" data-cut=\"true\""))
  }

  @Test("of two logs each has a place of its own")
  func beside() {
    let logs = ["one", "two"].map {
      EmbeddedLog(name: $0, contents: Data($0.utf8), isCompressed: false)
    }
    let page = String(decoding: ViewerPage.page(logs[0], beside: logs[1]), as: UTF8.self)
    for (log, id) in zip(logs, ["log", "beside"]) {
      let base64 = log.contents.base64EncodedString()
      #expect(
        page.contains(
          "id=\"\(id)\" data-name=\"\(log.name)\" data-encoding=\"identity\" "
            + "data-cut=\"false\">\(base64)</script>"))
    }
  }
}
