// Part of mesosim. Apache-2.0, see LICENSE.
//
// What Aurora answers when it does not do what it was asked.

/// Why Aurora has refused something.
public struct AuroraRefusal: Error, Hashable, Sendable, CustomStringConvertible {
  /// A kind of answer.
  public enum Code: String, Hashable, Sendable {
    /// What was asked makes no sense as things are.
    case invalidRequest = "INVALID_REQUEST"
    /// Something that is under way must be over first.
    case jobUpdating = "JOB_UPDATING_ERROR"
  }

  /// The kind of answer.
  public let code: Code
  /// What is wrong.
  public let message: String

  /// Describes an answer.
  public init(_ message: String, code: Code = .invalidRequest) {
    self.code = code
    self.message = message
  }

  /// The answer in words.
  public var description: String { "\(code.rawValue): \(message)" }
}
