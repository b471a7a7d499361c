// Part of mesosim. Apache-2.0, see LICENSE.
//
// Goal: fairness is judged over the time of competition, among those that compete.
// Method: a cluster of 10 cpus whose frameworks hold and want what the test says.

import Mesos
import MesosCluster
import MesosMetrics
import Testing

@Suite("Fairness while frameworks compete") struct ContentionTests {
  /// A story in which each framework uses so many of 10 cpus from 0 s on, and wants one task more
  /// or none; nothing changes until 10 s.
  private func story(_ parties: [(cpus: Double, wants: Bool)]) -> Script {
    var script = Script()
    script.at(0, .slaveAdded(0, .cpus(10)))
    for (index, party) in parties.enumerated() {
      let framework = FrameworkIndex(index)
      script.at(0, .demand(framework, shape: .cpus(1), delta: party.wants ? 1 : 0))
      if party.cpus > 0 { script.at(0, .taskLaunched(framework, 0, .cpus(party.cpus), 0)) }
    }
    return script
  }

  private func fairness(_ script: Script, weights: [Double] = []) -> FairnessResult {
    script.measured(10, frameworks: ["a", "b", "c"], weights: weights).result.fairness
  }

  @Test("two that want more and hold the same share evenly; 3 to 1 is an index of 0.8")
  func two() {
    let even = fairness(story([(5, true), (5, true)]))
    #expect(even.jainContended == 1)
    #expect(even.contendedSeconds == 10)
    #expect(fairness(story([(6, true), (2, true)])).jainContended == 0.8)
  }

  @Test("one that has enough with less does not lower the index, one that wants more does")
  func satisfied() {
    #expect(fairness(story([(4, true), (4, true), (1, false)])).jainContended == 1)
    #expect(fairness(story([(4, true), (4, true), (1, true)])).jainContended == 0.818182)
  }

  @Test("one that holds all while two starve counts, though it wants nothing more")
  func hoarder() {
    #expect(fairness(story([(10, false), (0, true), (0, true)])).jainContended == 0.333333)
  }

  @Test("shares are counted by weight")
  func weights() {
    #expect(fairness(story([(6, true), (2, true)]), weights: [3, 1]).jainContended == 1)
    #expect(fairness(story([(4, true), (4, true)]), weights: [3, 1]).jainContended == 0.8)
    // What is no weight counts as 1, and who is not listed has 1.
    #expect(fairness(story([(4, true), (4, true)]), weights: [0]).jainContended == 1)
  }

  @Test("a weight that changes counts from that instant on")
  func changedWeight() {
    let collector = story([(6, true), (2, true)]).collector
    collector.setWeight(3, of: 0, at: .start + .seconds(5))
    let result = collector.measured(.test(frameworks: ["a", "b"]), window: .start + .seconds(10))
    #expect(result.result.fairness.jainContended == 0.9)
  }

  @Test("only time in which two want more counts, each instant as long as it lasts")
  func time() {
    var script = story([(6, true), (2, true)])
    script.at(2, .taskLaunched(1, 0, .cpus(4), 1))
    script.at(8, .demand(0, shape: .cpus(1), delta: -1))
    script.at(9, .taskEnded(1, 0, .cpus(4), .finished, 1))
    let result = fairness(script)
    #expect(result.contendedSeconds == 8)
    #expect(result.jainContended == 0.95)
  }

  @Test("a cluster that grows changes the shares from then on")
  func capacity() {
    var script = story([(6, true), (2, true)])
    // The second framework's dominant share is of memory from here on, and as large.
    script.at(0, .executorStarted(1, 0, Resources(mem: 60)))
    script.at(5, .slaveAdded(1, Resources(mem: 100)))
    #expect(fairness(script).jainContended == 0.9)
  }

  @Test("when none of those that want has anything, they are even")
  func nothing() {
    #expect(fairness(story([(0, true), (0, true)])).jainContended == 1)
  }

  @Test("without competition there is no figure, and without known demand neither")
  func unknown() {
    let calm = fairness(story([(6, true), (2, false)]))
    #expect(calm.jainContended == nil)
    #expect(calm.contendedSeconds == 0)
    #expect(calm.jainDominantShare != nil)
    var silent = story([(6, true), (2, true)])
    silent.at(0, .taskLaunched(2, 0, .cpus(1), 3))
    let result = fairness(silent)
    #expect(result.jainContended == nil)
    #expect(result.contendedSeconds == nil)
  }
}
