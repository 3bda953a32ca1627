import Audio

/// A part of a clip that is long.
struct ClipStretch: Equatable {
  /// In samples of the clip, at `Waveform.modelRate`.
  var samples: Range<Int>

  /// As few stretches of nearly equal length as there may be, none longer than `longest` seconds: a last one of a
  /// moment alone would have nothing to say.
  static func even(samples count: Int, longest: Double) -> [ClipStretch] {
    let most = max(Int(longest * Double(Waveform.modelRate)), 1)
    let parts = max((count + most - 1) / most, 1)
    return (0..<parts).map { part in
      ClipStretch(
        samples: part * (count / parts) + min(part, count % parts)..<(part + 1) * (count / parts)
          + min(part + 1, count % parts))
    }
  }

  /// "From 0 to 22.5 seconds".
  var name: String {
    let rate = Double(Waveform.modelRate)
    return "From \(Quantity.positions([Double(samples.lowerBound) / rate]).prefix { $0 != " " }) to "
      + Quantity.positions([Double(samples.upperBound) / rate])
  }
}
