// Part of mesosim. Apache-2.0, see LICENSE.
//
// Ctrl-C, and SIGTERM alike: the first asks the runs to stop where they are, so that what there is
// can be reported as partial; a second one ends the process at once.

package import ArgumentParser
import Foundation
import Synchronization

/// Whether the user asked to stop.
package enum Interruption {
  /// The signal that asked; 0 for none.
  private static let signalNumber = Atomic<Int32>(0)

  package static var isRequested: Bool { signalNumber.load(ordering: .relaxed) != 0 }

  /// Starts listening: until somebody does, a signal ends the process.
  package static func listen() {
    var signals = sigset_t()
    sigemptyset(&signals)
    for number in [SIGINT, SIGTERM] {
      signal(number) { number in
        Interruption.signalNumber.store(number, ordering: .relaxed)
        signal(SIGINT, SIG_DFL)
        signal(SIGTERM, SIG_DFL)
      }
      sigaddset(&signals, number)
    }
    // A parent may have started us from a thread that blocks signals.
    pthread_sigmask(SIG_UNBLOCK, &signals, nil)
  }

  /// Ends the command if it was stopped before it was done, as shells expect of one that a signal
  /// ended: 130 for Ctrl-C, 143 for SIGTERM.
  /// - Parameters:
  ///   - isPartial: Whether something is left undone.
  ///   - what: What there is then, for people.
  /// - Throws: The exit code, if it was.
  package static func leave(ifPartial isPartial: Bool, _ what: String) throws(ExitCode) {
    guard isPartial, isRequested else { return }
    say("interrupted: \(what)")
    throw ExitCode(128 + signalNumber.load(ordering: .relaxed))
  }
}
