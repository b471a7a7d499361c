// Part of mesosim. Apache-2.0, see LICENSE.

import Mesos
import Testing

@Suite("Amounts for people") struct ResourceDisplayTests {
  @Test(
    "memory is shown in the largest fitting unit, in either style",
    arguments: [
      (15000, "14.65GB", "14.6 GB"), (1024, "1.00GB", "1.0 GB"), (1023.999, "1024MB", "1024 MB"),
      (1_048_575, "1024.00GB", "1024.0 GB"), (0, "0B", "0 B"), (0.001, "1KB", "1 KB"),
      (1152, "1.13GB", "1.1 GB"), (1280, "1.25GB", "1.3 GB"), (100.5, "101MB", "101 MB"),
      (1.5e12, "1396.98PB", "1397.0 PB"), (1177.6, "1.15GB", "1.1 GB"),
    ])
  func units(megabytes: Double, seed: String, webui: String) {
    #expect(DisplayStyle.seed.text(of: megabytes, "mem") == seed)
    #expect(DisplayStyle.webui.text(of: megabytes, "disk") == webui)
  }

  @Test("what has no unit is shown bare", arguments: DisplayStyle.allCases)
  func bare(style: DisplayStyle) {
    #expect(style.text(of: 1.5, "cpus") == "1.5")
    #expect(style.text(of: 24, "gpus") == "24")
  }

  @Test(
    "no amount is too strange to be shown",
    arguments: [
      Double.nan, .infinity, -1, 1e300, .leastNonzeroMagnitude,
    ])
  func strange(amount: Double) {
    for style in DisplayStyle.allCases {
      #expect(!style.text(of: amount, "mem").isEmpty)
      #expect(!style.text(of: amount, "cpus").isEmpty)
    }
  }
}
