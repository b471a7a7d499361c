// Part of mesosim. Apache-2.0, see LICENSE.
//
// Many offers of one allocation run in little memory: what they have in common is kept once.

/// What an offer says of its slave.
package struct SlaveFace: Hashable, Sendable {
  package let slaveID: SlaveID
  package let hostname: String
  package let attributes: Attributes
  package let domain: DomainInfo?

  /// Describes a slave as offers show it.
  package init(
    slaveID: SlaveID, hostname: String, attributes: Attributes = Attributes(),
    domain: DomainInfo? = nil
  ) {
    self.slaveID = slaveID
    self.hostname = hostname
    self.attributes = attributes
    self.domain = domain
  }
}

/// What a master's offers say of its slaves, under numbers from 0.
///
/// A slave that is no longer as it was gets another number: an offer shows what was true when it
/// was made.
// Unchecked, for a cluster runs on one thread, and with it its master and all who look at offers.
// It only grows: what was read under a number stays so.
package final class OfferedSlaves: @unchecked Sendable {
  @exclusivity(unchecked) private var faces: [SlaveFace] = []

  /// Makes an empty list.
  package init() {}

  /// How many there are.
  package var count: Int { faces.count }

  /// Adds one.
  /// - Returns: Its number.
  package func append(_ face: SlaveFace) -> Int32 {
    faces.append(face)
    return Int32(faces.count - 1)
  }

  /// What is said under a number.
  package subscript(number: Int32) -> SlaveFace { faces[Int(number)] }
}

/// Offers with consecutive numbers, made by one master to one framework in one role.
package final class OfferRun: Sendable {
  /// The id of the master.
  package let master: String
  /// The number of the first offer.
  package let firstNumber: Int
  /// The framework that the offers are made to.
  package let frameworkID: FrameworkID
  /// The role in which they are made.
  package let role: Role
  /// What is said of the slave of each offer, by its number in the directory.
  package let faces: [Int32]
  /// What is said of slaves.
  package let directory: OfferedSlaves
  /// The different resources that are offered.
  package let shapes: [Resources]
  /// Which of them each offer has; empty when there is one only.
  package let shapeOf: [UInt16]

  /// Describes a run of offers: of `faces`, and each of the shape that `shapeOf` says.
  package init(
    master: String, firstNumber: Int, frameworkID: FrameworkID, role: Role, faces: [Int32],
    directory: OfferedSlaves, shapes: [Resources], shapeOf: [UInt16] = []
  ) {
    precondition(
      shapeOf.count == faces.count || shapeOf.isEmpty && shapes.count == 1,
      "each offer of a run has one shape")
    self.master = master
    self.firstNumber = firstNumber
    self.frameworkID = frameworkID
    self.role = role
    self.faces = faces
    self.directory = directory
    self.shapes = shapes
    self.shapeOf = shapeOf
  }

  /// How many offers it has.
  package var count: Int { faces.count }

  /// Which of `shapes` the offer at a position has.
  private func shapeNumber(at position: Int) -> Int {
    shapeOf.isEmpty ? 0 : Int(shapeOf[position])
  }

  /// The first of some positions with resources that pass a test, which is asked once for each
  /// shape that is met.
  ///
  /// - Complexity: O(1) where there is one shape, else O(positions + shapes).
  package func firstPosition(
    in positions: Range<Int>, offering isUseful: (Resources) -> Bool
  ) -> Int? {
    guard let first = positions.first else { return nil }
    if isUseful(shapes[shapeNumber(at: first)]) { return first }
    if shapes.count == 1 { return nil }
    var isUseless = [Bool](repeating: false, count: shapes.count)
    isUseless[shapeNumber(at: first)] = true
    return positions.dropFirst().first { position in
      let shape = shapeNumber(at: position)
      if isUseless[shape] { return false }
      isUseless[shape] = !isUseful(shapes[shape])
      return !isUseless[shape]
    }
  }

  /// Makes the offer at a position.
  package func offer(at position: Int) -> Offer {
    let face = directory[faces[position]]
    var offer = Offer(
      id: OfferID(master: master, number: firstNumber + position), frameworkID: frameworkID,
      slaveID: face.slaveID, hostname: face.hostname, role: role,
      resources: shapes[shapeNumber(at: position)], attributes: face.attributes)
    if let domain = face.domain { offer.domain = domain }
    return offer
  }
}
