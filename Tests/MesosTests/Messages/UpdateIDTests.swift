// Part of mesosim. Apache-2.0, see LICENSE.

import Mesos
import Testing
import VirtualTime

@Suite("Names of updates")
struct UpdateIDTests {
  @Test("sixteen bytes come back as they were, and are written as a UUID")
  func bytes() throws {
    let bytes: [UInt8] = [
      0x12, 0x3e, 0x45, 0x67, 0xe8, 0x9b, 0x42, 0xd3, 0xa4, 0x56, 0x42, 0x66, 0x14, 0x17, 0x40,
      0xff,
    ]
    let id = try #require(UpdateID(bytes))
    #expect(id.bytes == bytes)
    #expect("\(id)" == "123e4567-e89b-42d3-a456-4266141740ff")
    #expect(id == UpdateID(bytes))
    #expect(id != UpdateID(Array(bytes.dropLast()) + [0xfe]))
    #expect(id != UpdateID([0x13] + Array(bytes.dropFirst())))
  }

  @Test("anything but sixteen bytes is no name", arguments: [0, 15, 17])
  func otherLengths(length: Int) {
    #expect(UpdateID(Array(repeating: 1, count: length)) == nil)
  }

  @Test("what has no name or no slave is not acknowledged")
  func acknowledgement() throws {
    let id = try #require(UpdateID(Array(1...16)))
    var status = TaskStatus(
      taskID: "t", state: .running, slaveID: "s", timestamp: .start, source: .executor, uuid: id)
    #expect(
      Acknowledgement(status) == Acknowledgement(slaveID: "s", taskID: "t", uuid: id))
    status.slaveID = nil
    #expect(Acknowledgement(status) == nil)
    status.slaveID = "s"
    status.uuid = nil
    #expect(Acknowledgement(status) == nil)
  }
}
