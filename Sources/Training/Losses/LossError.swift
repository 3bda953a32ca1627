/// Settings of a loss that have no meaning.
public enum LossError: Error, Equatable, Sendable, CustomStringConvertible {
  case outOfRange(setting: String, value: Double, range: String)
  /// Two settings that exclude each other.
  case excluded(setting: String, by: String, advice: String)

  public var description: String {
    switch self {
    case .outOfRange(let setting, let value, let range): "\(setting): \(value) has no meaning. Give a number \(range)."
    case .excluded(let setting, let other, let advice): "\(setting): does not go with \(other). \(advice)"
    }
  }

  static func require(_ holds: Bool, _ setting: String, _ value: Double, _ range: String) throws(LossError) {
    guard holds && value.isFinite else { throw .outOfRange(setting: setting, value: value, range: range) }
  }
}
