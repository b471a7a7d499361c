// Part of mesosim. Apache-2.0, see LICENSE.
//
// The page at `/`: its files are in the program, none is read by a name that somebody sends.

#if Server
  import Foundation
  import HTTPTypes
  import MesosReports

  /// A file of the page.
  struct PageFile: Sendable {
    let kind: String
    let contents: Data

    /// The files by their paths.
    static let all: [String: PageFile] = {
      var files = [
        "/": PageFile(kind: "text/html; charset=utf-8", contents: ViewerFiles.servedHTML),
        "/viewer.css": PageFile(kind: "text/css; charset=utf-8", contents: ViewerFiles.css),
      ]
      for (name, contents) in ViewerFiles.scripts + [ViewerFiles.liveScript] {
        files["/\(name)"] = PageFile(kind: "text/javascript; charset=utf-8", contents: contents)
      }
      return files
    }()

    /// Nothing but the page's own files and the server's own answers reaches it, and nobody may put
    /// it into a page of theirs.
    static let policy =
      "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
      + "img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

    /// The head of an answer with it.
    var head: HTTPResponse {
      var head = HTTPResponse(status: .ok)
      head.headerFields[.contentType] = kind
      head.headerFields[.contentLength] = String(contents.count)
      head.headerFields[.cacheControl] = "no-cache"
      head.headerFields[.xContentTypeOptions] = "nosniff"
      head.headerFields[.contentSecurityPolicy] = Self.policy
      if let name = HTTPField.Name("Referrer-Policy") { head.headerFields[name] = "no-referrer" }
      return head
    }
  }
#endif
