// Part of mesosim. Apache-2.0, see LICENSE.
//
// Results as JSON, equal results as equal bytes.

public import Foundation

/// Reads and writes results as JSON.
public enum ResultJSON {
  /// The text of a result: keys sorted, indented, ending in a newline.
  /// - Parameter result: What to encode.
  /// - Returns: UTF-8 bytes, the same for equal results in every process.
  /// - Throws: An `EncodingError`, which no result of this module causes.
  public static func data(_ result: some Encodable) throws -> Data {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
    var data = try encoder.encode(result)
    data.append(UInt8(ascii: "\n"))
    return data
  }

  /// Reads a result back.
  /// - Parameters:
  ///   - type: What to read.
  ///   - data: The JSON text.
  /// - Returns: The result.
  /// - Throws: A `DecodingError` when the text is no such result.
  public static func decode<Result: Decodable>(_ type: Result.Type, from data: Data) throws
    -> Result
  {
    try JSONDecoder().decode(type, from: data)
  }
}
