/// The parts of a set.
public enum Split: String, Sendable, CaseIterable {
  case train, dev, test
}

/// Which part of the set a recording belongs to: by the hash of its name, so that recordings that come later move none
/// of those that are there.
public struct SplitAssignment: Sendable, Equatable {
  public let train: Double
  public let dev: Double
  public let test: Double
  /// Another salt gives another division.
  public let salt: String

  /// The shares are 0...1 and add up to 1.
  public init(train: Double, dev: Double, test: Double, salt: String = "") throws(DatasetError) {
    let shares = [train, dev, test]
    guard shares.allSatisfy({ $0 >= 0 && $0 <= 1 }), abs(shares.reduce(0, +) - 1) < 1e-6 else {
      throw .badFractions(train: train, dev: dev, test: test)
    }
    self.train = train
    self.dev = dev
    self.test = test
    self.salt = salt
  }

  /// The part of a recording, or of a group of recordings by its name.
  public func split(of recording: String) -> Split {
    let place = Double(stableHash("earshot split 1", salt, recording) >> 11) * 0x1p-53
    if place < train { return .train }
    if test == 0 || place < train + dev { return dev > 0 ? .dev : .train }
    return .test
  }
}
