// Part of mesosim. Apache-2.0, see LICENSE.
//
// The page that shows a recorded run: the viewer and, in it, the log. It needs no network and no
// other file.

import CViewer
public import Foundation

/// The files of the viewer, as a server hands them out.
public enum ViewerFiles {
  /// The page; it names the others: `viewer.css`, and the scripts.
  public static var html: Data { data(viewer_html()) }
  /// How it looks.
  public static var css: Data { data(viewer_css()) }
  /// Its scripts by name, in the order in which they are loaded.
  public static var scripts: [(name: String, contents: Data)] {
    [
      ("core.js", data(viewer_core())), ("charts.js", data(viewer_charts())),
      ("acts.js", data(viewer_acts())), ("services.js", data(viewer_services())),
      ("compare.js", data(viewer_compare())), ("views.js", data(viewer_views())),
    ]
  }

  /// The script that a server's page has beside them: it is fed from the server.
  public static var liveScript: (name: String, contents: Data) { ("live.js", data(viewer_live())) }
  /// The page as a server hands it out.
  public static var servedHTML: Data {
    let page = String(decoding: html, as: UTF8.self)
    return Data(
      page.replacing("</body>", with: "<script src=\"live.js\" data-live></script>\n</body>").utf8)
  }

  private static func data(_ file: viewer_file) -> Data {
    Data(bytes: file.bytes, count: file.count)
  }
}

/// A log to be shown, as it is put into the page.
public struct EmbeddedLog: Sendable {
  /// What people call it.
  public var name: String
  /// Lines of JSON, compressed or not.
  public var contents: Data
  /// Whether they are compressed by gzip.
  public var isCompressed: Bool
  /// Whether more was recorded than could be read.
  public var isCut: Bool

  /// Describes a log.
  public init(name: String, contents: Data, isCompressed: Bool, isCut: Bool = false) {
    self.name = name
    self.contents = contents
    self.isCompressed = isCompressed
    self.isCut = isCut
  }

  /// How many bytes of log a page holds; what is larger stays a file that is dropped on the page.
  public static let bytesMax = 30 << 20
}

/// The viewer as one file.
public enum ViewerPage {
  /// The page with a log in it, or one that asks for a log.
  /// - Parameters:
  ///   - log: The log that it shows.
  ///   - other: Another log, to be compared with it.
  /// - Returns: The page, in HTML.
  public static func page(_ log: EmbeddedLog?, beside other: EmbeddedLog? = nil) -> Data {
    var page = String(decoding: ViewerFiles.html, as: UTF8.self)
    page.replace(
      "<link rel=\"stylesheet\" href=\"viewer.css\">",
      with: "<style>\n\(text(ViewerFiles.css))</style>")
    for (name, contents) in ViewerFiles.scripts {
      page.replace(
        "<script src=\"\(name)\"></script>", with: "<script>\n\(text(contents))</script>")
    }
    let logs = [log.map { element($0, id: "log") }, other.map { element($0, id: "beside") }]
    page.replace("<!-- log -->", with: logs.compactMap(\.self).joined(separator: "\n"))
    return Data(page.utf8)
  }

  private static func text(_ data: Data) -> String { String(decoding: data, as: UTF8.self) }

  /// Base64 has no character that means anything to HTML; the name may have any.
  private static func element(_ log: EmbeddedLog, id: String) -> String {
    var name = ""
    for scalar in log.name.unicodeScalars {
      switch scalar {
      case "&": name += "&amp;"
      case "\"": name += "&quot;"
      case "<": name += "&lt;"
      default: name.unicodeScalars.append(scalar)
      }
    }
    return "<script type=\"application/octet-stream\" id=\"\(id)\" data-name=\"\(name)\" "
      + "data-encoding=\"\(log.isCompressed ? "gzip" : "identity")\" data-cut=\"\(log.isCut)\">"
      + log.contents.base64EncodedString() + "</script>"
  }
}
