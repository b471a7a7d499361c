// Part of mesosim. Apache-2.0, see LICENSE.
//
// Quota: amounts that are both guarantee and limit, or each by itself.

internal import Mesos
internal import MesosAllocation

extension Codec where Value == Quota {
  /// `"cpus:16;mem:32768"`, or `{guarantee: "cpus:16", limit: "cpus:32"}`.
  static var quota: Codec {
    let both = amounts.map(
      { (text) throws(Mismatch) in try QuotaDraft(guarantee: text, limit: text).quota },
      { QuotaDraft($0).guarantee })
    return QuotaDraft.table.codec.map(
      { (draft) throws(Mismatch) in try draft.quota }, { QuotaDraft($0) }
    ).orShort(
      both, { $0 },
      { quota in
        let draft = QuotaDraft(quota)
        return draft.guarantee == draft.limit && !draft.guarantee.isEmpty ? quota : nil
      })
  }

  /// Amounts such as `cpus:16;mem:32GB`, as a text in MB.
  fileprivate static var amounts: Codec<String> {
    .scalar(
      "amounts such as \"cpus:16;mem:32768\"", [.text],
      schema: ["type": "string", "minLength": 1],
      parse: { (text) throws(Mismatch) in
        let plain = MemoryUnits(text)
        do throws(ResourceSyntaxError) { _ = try Limits(parsing: plain.text) } catch {
          throw Mismatch(reason: error.message, offset: plain.offset(of: error.column - 1))
        }
        return plain.text
      },
      print: { .text($0) })
  }
}

/// A quota as it is written.
private struct QuotaDraft: Sendable {
  var guarantee = ""
  var limit = ""

  static let table = Table(
    name: "quota", blank: QuotaDraft(),
    fields: [
      .optional(
        "guarantee", \.guaranteeText, Codec<Quota>.amounts, "what it gets before others get more"),
      .optional(
        "limit", \.limitText, Codec<Quota>.amounts, "what it may not exceed; others are free"),
    ],
    check: { draft, path, node, problems in
      if draft.guarantee.isEmpty, draft.limit.isEmpty {
        problems.add(at: node.position, path, "expected 'guarantee', 'limit' or both")
      }
    })

  private var guaranteeText: String? {
    get { guarantee.isEmpty ? nil : guarantee }
    set { guarantee = newValue ?? "" }
  }

  private var limitText: String? {
    get { limit.isEmpty ? nil : limit }
    set { limit = newValue ?? "" }
  }

  init(guarantee: String = "", limit: String = "") {
    self.guarantee = guarantee
    self.limit = limit
  }

  init(_ quota: Quota) {
    func text(_ entries: [Quantities.Entry]) -> String {
      entries.map { "\($0.name):\(Scalar(thousandths: $0.thousandths))" }.joined(separator: ";")
    }
    guarantee = text(quota.guarantees.entries)
    limit = text(quota.limits.entries)
  }

  var quota: Quota {
    get throws(Mismatch) {
      do throws(ResourceSyntaxError) {
        return Quota(
          guarantees: guarantee.isEmpty ? Quantities() : try Quantities(parsing: guarantee),
          limits: limit.isEmpty ? Limits() : try Limits(parsing: limit))
      } catch { throw Mismatch(reason: error.message) }
    }
  }
}
