// Part of mesosim. Apache-2.0, see LICENSE.
//
// Ctrl-C: the first asks the runs to stop where they are, so that what there is can be reported as
// partial; a second one ends the process at once.

import Foundation
import Synchronization

/// Whether the user asked to stop.
enum Interruption {
  private static let requested = Atomic<Bool>(false)

  static var isRequested: Bool { requested.load(ordering: .relaxed) }

  /// Starts listening for SIGINT.
  static func listen() {
    signal(SIGINT) { _ in
      Interruption.requested.store(true, ordering: .relaxed)
      signal(SIGINT, SIG_DFL)
    }
    // A parent may have started us from a thread that blocks signals.
    var interrupt = sigset_t()
    sigemptyset(&interrupt)
    sigaddset(&interrupt, SIGINT)
    pthread_sigmask(SIG_UNBLOCK, &interrupt, nil)
  }
}
