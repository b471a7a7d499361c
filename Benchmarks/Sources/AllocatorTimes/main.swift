// Part of mesosim. Apache-2.0, see LICENSE.
//
// The allocator in the situations of `AllocatorLoad`, as parts of the time in which the same
// process sorts ten million numbers, which makes machines comparable; exits 1 when one is past its
// limit.

import AllocatorLoads
import Glibc

let arguments = CommandLine.arguments.dropFirst().compactMap { Int($0) }
if arguments.count == 3 {
  // For a profiler: SLAVES FRAMEWORKS PASSES.
  var load = AllocatorLoad(slaves: arguments[0], frameworks: arguments[1])
  for _ in 0..<arguments[2] {
    load.allocate()
    load.declineAll(seconds: nil)
    load.tick()
  }
  exit(0)
}
exit(runAllocatorTimes() ? 0 : 1)
