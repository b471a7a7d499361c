public struct Attributes: Hashable, Sendable { public init() {} }
