// Part of mesosim. Apache-2.0, see LICENSE.
//
// Reads the fields of a JSON object and notes everything that is wrong with them at once, each with
// its path and its place.

import Mesos

/// Gathers what is wrong with a definition.
final class FieldFaults {
  private(set) var details: [AppRefusal.Detail] = []

  func add(_ message: String, at keys: [String], place: Int?) {
    let path = Self.path(keys)
    if let index = details.firstIndex(where: { $0.path == path }) {
      details[index].errors.append(message)
    } else {
      details.append(
        AppRefusal.Detail(path: path, errors: [message], place: place, keys: keys))
    }
  }

  /// The path as Marathon writes it: `/healthChecks(0)/portIndex`.
  private static func path(_ keys: [String]) -> String {
    var text = ""
    for key in keys {
      text += key.utf8.allSatisfy { $0 >= 48 && $0 <= 57 } ? "(\(key))" : "/\(key)"
    }
    return text.isEmpty ? "/" : text
  }

  /// Everything that was found, as a refusal.
  var refusal: AppRefusal? {
    details.isEmpty
      ? nil : AppRefusal(status: 422, message: "Object is not valid", details: details)
  }
}

/// The fields of one object, as they are read.
struct FieldReader {
  let object: JSONValue
  let keys: [String]
  let faults: FieldFaults

  init(_ object: JSONValue, _ keys: [String] = [], _ faults: FieldFaults) {
    self.object = object
    self.keys = keys
    self.faults = faults
  }

  /// Whether a field is there and not null.
  func has(_ key: String) -> Bool { object[key] != nil }

  /// Notes what is wrong with a field, or with the object itself.
  func fault(_ message: String, at key: String? = nil) {
    guard let key else { return faults.add(message, at: keys, place: object.place) }
    faults.add(message, at: keys + [key], place: (object[key] ?? object).place)
  }

  func text(_ key: String) -> String? {
    guard let value = object[key] else { return nil }
    guard let text = value.string else {
      fault("error.expected.jsstring", at: key)
      return nil
    }
    return text
  }

  func required(_ key: String) -> String? {
    if !has(key) { fault("error.path.missing", at: key) }
    return text(key)
  }

  func flag(_ key: String, default standard: Bool) -> Bool {
    guard let value = object[key] else { return standard }
    guard let flag = value.bool else {
      fault("error.expected.jsboolean", at: key)
      return standard
    }
    return flag
  }

  /// A finite number of at least, and at most, so much.
  func number(
    _ key: String, from least: Double, to greatest: Double = .infinity, default standard: Double
  ) -> Double {
    guard let value = object[key] else { return standard }
    guard let number = value.double, number.isFinite else {
      fault("error.expected.jsnumber", at: key)
      return standard
    }
    if number < least {
      fault("got \(number.shortText), expected \(least.shortText) or more", at: key)
    } else if number > greatest {
      fault("got \(number.shortText), expected \(greatest.shortText) or less", at: key)
    }
    return number
  }

  /// A whole number of 32 bits, at least and at most so much; `nil` when it is not there.
  func whole(_ key: String, from least: Int, to greatest: Int = Int(Int32.max)) -> Int? {
    guard let value = object[key] else { return nil }
    guard let number = value.whole, Int32(exactly: number) != nil else {
      fault("error.expected.int", at: key)
      return nil
    }
    if number < least {
      fault("got \(number), expected \(least) or more", at: key)
      return nil
    }
    if number > greatest {
      fault("got \(number), expected \(greatest) or less", at: key)
      return nil
    }
    return number
  }

  /// One of a few words.
  func word(_ key: String, of words: [String], default standard: String) -> String {
    guard let text = text(key) else { return standard }
    if !words.contains(text) {
      let known = words.joined(separator: ", ")
      fault("error.unknown.enum.literal: '\(text)', expected one of \(known)", at: key)
      return standard
    }
    return text
  }

  /// The items of an array; `nil` when it is not there.
  func items(_ key: String) -> [JSONValue]? {
    guard let value = object[key] else { return nil }
    guard let items = value.array else {
      fault("error.expected.jsarray", at: key)
      return nil
    }
    return items
  }

  /// The objects of an array, each ready to be read; `nil` when it is not there.
  func objects(_ key: String) -> [FieldReader]? {
    guard let items = items(key) else { return nil }
    var readers: [FieldReader] = []
    for (index, item) in items.enumerated() {
      let place = keys + [key, String(index)]
      if item.members == nil {
        faults.add("error.expected.jsobject", at: place, place: item.place)
      } else {
        readers.append(FieldReader(item, place, faults))
      }
    }
    return readers
  }

  /// An object behind a key.
  func child(_ key: String) -> FieldReader? {
    guard let value = object[key] else { return nil }
    guard value.members != nil else {
      fault("error.expected.jsobject", at: key)
      return nil
    }
    return FieldReader(value, keys + [key], faults)
  }

  /// The texts of an array; `nil` when it is not there.
  func texts(_ key: String) -> [String]? {
    guard let items = items(key) else { return nil }
    var texts: [String] = []
    for (index, item) in items.enumerated() {
      if let text = item.string {
        texts.append(text)
      } else {
        faults.add(
          "error.expected.jsstring", at: keys + [key, String(index)], place: item.place)
      }
    }
    return texts
  }

  /// Texts by name, sorted by name; of a repeated one the last counts.
  func map(_ key: String) -> [AppDefinition.Pair] {
    guard let reader = child(key) else { return [] }
    var pairs: [String: String] = [:]
    for member in reader.object.members ?? [] {
      if let text = member.value.string {
        pairs[member.key] = text
      } else {
        reader.fault("error.expected.jsstring", at: member.key)
      }
    }
    return AppDefinition.Pair.sorted(pairs)
  }
}

extension JSONValue {
  /// The number as an integer, if it is one.
  var whole: Int? {
    guard case .number(let text) = content else { return nil }
    return Int(text) ?? double.flatMap { Int(exactly: $0) }
  }
}
