// Part of mesosim. Apache-2.0, see LICENSE.
//
// The program `mesosim-server`, which is there only with the package's trait `Server`.

#if !Server
  import Foundation

  /// What stands in for the program where the package was built without the trait `Server`.
  public enum ServerProgram {
    /// Says how to build it, and ends the process.
    public static func main() {
      let text = """
        mesosim-server: built without its HTTP server; expected the package's trait 'Server':
          swift run -c release --traits Server mesosim-server SCENARIO

        """
      FileHandle.standardError.write(Data(text.utf8))
      exit(64)
    }
  }
#endif
