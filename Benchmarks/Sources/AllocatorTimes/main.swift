// Part of mesosim. Apache-2.0, see LICENSE.
//
// The allocator in the situations of `AllocatorLoad`, as parts of the time in which the same
// process sorts ten million numbers, which makes machines comparable; exits 1 when one is past its
// limit.

import AllocatorLoads
import Glibc
import Mesos

/// Runs work and says how much processor time it took.
func seconds(_ work: () -> Void) -> Double {
  func now() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }
  let start = now()
  work()
  return now() - start
}

/// The resident memory of this process; what it once took it keeps, so measure first.
func residentBytes() -> Int {
  guard let file = fopen("/proc/self/statm", "r") else { return 0 }
  defer { fclose(file) }
  var line = [CChar](repeating: 0, count: 128)
  guard fgets(&line, 128, file) != nil else { return 0 }
  let text = String(decoding: line.prefix { $0 != 0 }.map(UInt8.init), as: UTF8.self)
  return (Int(text.split(separator: " ")[1]) ?? 0) * Int(getpagesize())
}

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
