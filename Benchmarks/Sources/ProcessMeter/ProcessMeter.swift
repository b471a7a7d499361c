// Part of mesosim. Apache-2.0, see LICENSE.
//
// What this process has taken of the machine.

import Glibc

/// The processor time of this process, in nanoseconds.
public func processorNanoseconds() -> Double {
  var now = timespec()
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now)
  return Double(now.tv_sec) * 1e9 + Double(now.tv_nsec)
}

/// Runs work and says how much processor time it took, in seconds.
public func seconds(_ work: () -> Void) -> Double {
  let start = processorNanoseconds()
  work()
  return (processorNanoseconds() - start) / 1e9
}

/// The resident memory of this process; what it once took it keeps, so measure first.
public func residentBytes() -> Int {
  guard let file = fopen("/proc/self/statm", "r") else { return 0 }
  defer { fclose(file) }
  var line = [CChar](repeating: 0, count: 128)
  guard fgets(&line, 128, file) != nil else { return 0 }
  let text = String(decoding: line.prefix { $0 != 0 }.map(UInt8.init), as: UTF8.self)
  return (Int(text.split(separator: " ")[1]) ?? 0) * Int(getpagesize())
}
