/// The sounds that the synthesizer makes; the raw value is the label.
enum SynthKind: String, CaseIterable {
  case tone
  case chirp
  case pluckedString = "plucked string"
  case bell
  case drum
  case noiseBurst = "noise burst"
  case siren
  case vowel

  /// A sound of this kind of at most `longest` seconds.
  func take(longest: Double, using random: inout SplitMix64) -> SynthTake {
    switch self {
    case .tone: .tone(longest: longest, using: &random)
    case .chirp: .chirp(longest: longest, using: &random)
    case .pluckedString: .pluckedString(longest: longest, using: &random)
    case .bell: .bell(longest: longest, using: &random)
    case .drum: .drum(longest: longest, using: &random)
    case .noiseBurst: .noiseBurst(longest: longest, using: &random)
    case .siren: .siren(longest: longest, using: &random)
    case .vowel: .vowel(longest: longest, using: &random)
    }
  }
}
