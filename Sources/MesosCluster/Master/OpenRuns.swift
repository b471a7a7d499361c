// Part of mesosim. Apache-2.0, see LICENSE.
//
// Offers that were made many at a time and that nothing has happened to: a flag each. One that is
// answered or taken back by itself leaves its run (`MesosAllocation`, Runs.md).

import Mesos
import MesosAllocation
import VirtualTime

/// Offers of slaves that stand side by side in a run; some of them are open.
struct OpenRun {
  /// What the allocator decided.
  let allocation: AllocationRun
  /// The places in it that offers were made of.
  let places: Range<Int>
  /// The number of the first offer.
  let firstNumber: Int
  /// By offer.
  fileprivate var isOpen: [Bool]
  fileprivate var openCount: Int
  /// No offer before this one is open.
  fileprivate var firstOpen = 0

  /// Opens the offers of some places.
  init(_ allocation: AllocationRun, _ places: Range<Int>, firstNumber: Int) {
    self.allocation = allocation
    self.places = places
    self.firstNumber = firstNumber
    isOpen = Array(repeating: true, count: places.count)
    openCount = places.count
  }

  fileprivate var endNumber: Int { firstNumber + places.count }

  fileprivate func offer(_ number: Int) -> OpenOffer {
    let place = places.lowerBound + number - firstNumber
    return OpenOffer(
      number: number, framework: allocation.framework, slave: allocation.slaves[place],
      role: allocation.role, resources: allocation.resources(at: place))
  }
}

/// All runs of which something is open, in the order of their numbers.
struct OpenRuns {
  private var runs: [OpenRun] = []
  /// The number of each slave's open offer in a run; negative for none.
  private var numberOnSlave: [Int] = []

  var isEmpty: Bool { runs.isEmpty }

  /// The number of a slave's open offer in a run, if it has one.
  @inline(__always)
  func number(on slave: SlaveIndex) -> Int? {
    guard numberOnSlave.has(slave), numberOnSlave[slave] >= 0 else { return nil }
    return numberOnSlave[slave]
  }

  /// Adds offers, all of them open, with numbers above those of all others.
  mutating func add(_ run: consuming OpenRun) {
    let slaves = run.allocation.slaves[run.places]
    let last = Int(slaves.last ?? 0)
    if numberOnSlave.count <= last {
      numberOnSlave += repeatElement(-1, count: last + 1 - numberOnSlave.count)
    }
    numberOnSlave.withUnsafeMutableBufferPointer { numbers in
      slaves.withUnsafeBufferPointer { slaves in
        for place in slaves.indices { numbers[Int(slaves[place])] = run.firstNumber + place }
      }
    }
    runs.append(consume run)
  }

  /// The run that an offer is open in, by its place in the list.
  private func index(of number: Int) -> Int? {
    var (low, high) = (0, runs.count)
    while low < high {
      let middle = (low + high) / 2
      if runs[middle].endNumber <= number { low = middle + 1 } else { high = middle }
    }
    guard low < runs.count, number >= runs[low].firstNumber,
      runs[low].isOpen[number - runs[low].firstNumber]
    else { return nil }
    return low
  }

  /// An open offer.
  func offer(_ number: Int) -> OpenOffer? { index(of: number).map { runs[$0].offer(number) } }

  /// The framework that an open offer was made to.
  func framework(of number: Int) -> FrameworkIndex? {
    index(of: number).map { runs[$0].allocation.framework }
  }

  /// The offers that are open from a number on, side by side and before another number, in the run
  /// of the first: their places in what the allocator decided.
  func openPart(from number: Int, before end: Int) -> (run: AllocationRun, places: Range<Int>)? {
    if runs.isEmpty { return nil }
    guard let index = index(of: number) else { return nil }
    let start = number - runs[index].firstNumber
    let limit = min(end, runs[index].endNumber) - runs[index].firstNumber
    let offer = runs[index].isOpen.withUnsafeBufferPointer { isOpen in
      var offer = start
      while offer < limit, isOpen[offer] { offer += 1 }
      return offer
    }
    let first = runs[index].places.lowerBound
    return (runs[index].allocation, first + start..<first + offer)
  }

  /// Closes offers of one run, all of them open, from a number on.
  mutating func close(from number: Int, count: Int) {
    guard let index = index(of: number) else { return }
    let first = number - runs[index].firstNumber
    let start = runs[index].places.lowerBound + first
    numberOnSlave.withUnsafeMutableBufferPointer { numbers in
      runs[index].allocation.slaves[start..<start + count].withUnsafeBufferPointer { slaves in
        for slave in slaves { numbers[Int(slave)] = -1 }
      }
    }
    runs[index].isOpen.withUnsafeMutableBufferPointer { isOpen in
      for offer in first..<first + count { isOpen[offer] = false }
    }
    runs[index].openCount -= count
    if runs[index].openCount == 0 { runs.remove(at: index) }
  }

  /// Takes an offer out of its run.
  mutating func take(_ number: Int) -> OpenOffer? {
    guard let offer = offer(number) else { return nil }
    close(from: number, count: 1)
    return offer
  }

  /// The numbers of all open offers that pass a test, ascending.
  func numbers(where passes: (OpenOffer) -> Bool) -> [Int] {
    var numbers: [Int] = []
    for run in runs {
      for number in run.firstNumber..<run.endNumber
      where run.isOpen[number - run.firstNumber] && passes(run.offer(number)) {
        numbers.append(number)
      }
    }
    return numbers
  }

  /// The first open offer of the run that begins with a number.
  mutating func firstOpen(ofRunFrom number: Int) -> Int? {
    var (low, high) = (0, runs.count)
    while low < high {
      let middle = (low + high) / 2
      if runs[middle].firstNumber < number { low = middle + 1 } else { high = middle }
    }
    guard low < runs.count, runs[low].firstNumber == number else { return nil }
    while !runs[low].isOpen[runs[low].firstOpen] { runs[low].firstOpen += 1 }
    return number + runs[low].firstOpen
  }
}
