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

/// How long this process takes to sort ten million numbers, in seconds: what it does is much like
/// what simulations do to processor and memory, so that parts of it compare between machines.
public func sortSeconds() -> Double {
  var state: UInt64 = 1
  var numbers = (0..<10_000_000).map { _ in
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return state
  }
  return seconds { numbers.sort() }
}

/// The most memory that this process has had, in bytes.
public func peakBytes() -> Int {
  var usage = rusage()
  getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
  return usage.ru_maxrss * 1024
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
