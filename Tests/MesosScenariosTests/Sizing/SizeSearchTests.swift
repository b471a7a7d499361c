// Part of mesosim. Apache-2.0, see LICENSE.

import Testing

@testable import MesosScenarios

@Suite("Search for a size") struct SizeSearchTests {
  /// Searches to the end where `isMet` tells what comes of a size.
  private func search(
    from start: Int, sizeMax: Int = 1000, _ isMet: (Int) -> Bool
  ) -> SizeSearch {
    var search = SizeSearch(start: start, sizeMax: sizeMax)
    while let size = search.next { search.note(size, isMet: isMet(size)) }
    return search
  }

  @Test(
    "the smallest size is found from above and from below, with its neighbours",
    arguments: [1, 2, 3, 7, 12, 13, 100, 999, 1000], [1, 12, 64, 1000])
  func smallest(size: Int, start: Int) {
    let search = search(from: start) { $0 >= size }
    #expect(search.answer == size)
    let tried = search.trials.map(\.size)
    for near in size - 2...size + 2 where (1...1000).contains(near) {
      #expect(tried.contains(near), "\(near) of \(tried)")
    }
    #expect(tried.count <= 2 * 10 + 5)
    #expect(tried.count == Set(tried).count)
  }

  @Test("nothing larger than the maximum is tried")
  func none() {
    let search = search(from: 12, sizeMax: 100) { _ in false }
    #expect(search.answer == nil)
    #expect(search.trials.map(\.size) == [12, 24, 48, 96, 100])
  }

  @Test("a smaller neighbour that does is followed down")
  func notMonotone() {
    // 20 up meets, 19 does not, 17 and 18 do.
    let search = search(from: 24) { $0 >= 20 || $0 == 17 || $0 == 18 }
    #expect(search.answer == 17)
    let tried = search.trials.map(\.size)
    #expect(tried.contains(15) && tried.contains(16))
    #expect(search.trials.contains(SizeSearch.Trial(size: 19, isMet: false)))
  }

  @Test("what idle threads may try begins with what comes next, and follows either outcome")
  func likely() {
    var search = SizeSearch(start: 12, sizeMax: 1000)
    #expect(search.likely(3) == [12, 24, 6])
    search.note(12, isMet: false)
    search.note(24, isMet: true)
    #expect(search.likely(1) == [18])
    #expect(search.likely(3) == [18, 21, 15])
  }
}
