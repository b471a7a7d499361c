// Part of mesosim. Apache-2.0, see LICENSE.

import MesosV1
import Testing

@Suite("Base 64") struct Base64Tests {
  @Test(
    "bytes are written and read as RFC 4648 has it",
    arguments: [
      ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="),
      ("fooba", "Zm9vYmE="), ("foobar", "Zm9vYmFy"),
    ])
  func vectors(plain: String, coded: String) {
    #expect(Base64.text(of: Array(plain.utf8)) == coded)
    #expect(Base64.bytes(of: coded) == Array(plain.utf8))
  }

  @Test("every byte comes back")
  func allBytes() {
    for count in 0...256 {
      let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 7) }
      #expect(Base64.bytes(of: Base64.text(of: bytes)) == bytes)
    }
  }

  @Test("what stands for no bytes is refused", arguments: ["Z", "Zg=", "Z===", "Zg==Zg==", "Z!=="])
  func faults(text: String) { #expect(Base64.bytes(of: text) == nil) }
}
