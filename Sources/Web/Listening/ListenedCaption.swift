import Foundation

/// The stand-in's caption of a sound: what can be measured without knowing anything of sounds. It is no model and does
/// not pretend to be one; it names no source of a sound.
enum ListenedCaption {
  /// dBFS below which nothing is said to be louder than the rest.
  private static let quietest = -120.0

  /// Sentences that the question grammar reads facts from, and one that it does not. The same sound has the same
  /// caption, whatever is asked.
  static func text(of sound: WaveSound) -> String {
    guard !sound.samples.isEmpty else { return "The recording is empty." }
    let power = sound.samples.reduce(0.0) { $0 + Double($1) * Double($1) } / Double(sound.samples.count)
    let peak = sound.samples.reduce(0.0) { max($0, Double(abs($1))) }
    var sentences = [
      "It lasts \(duration(sound.seconds)).",
      "Its average level is \(level(10 * log10(power))) dBFS and its peak is \(level(20 * log10(peak))) dBFS.",
    ]
    if sound.seconds >= 1, let loudest = loudestSecond(of: sound) {
      sentences.append("Of its seconds, number \(loudest + 1) is the loudest.")
    }
    return sentences.joined(separator: " ")
  }

  /// Counted from 0; nil where none stands out.
  private static func loudestSecond(of sound: WaveSound) -> Int? {
    let powers = stride(from: 0, to: sound.samples.count, by: sound.sampleRate).map { start in
      sound.samples[start..<min(start + sound.sampleRate, sound.samples.count)].reduce(0) { $0 + $1 * $1 }
    }
    guard let most = powers.max(), most > 0, powers.count(where: { $0 > most * 0.9 }) == 1 else { return nil }
    return powers.firstIndex(of: most)
  }

  private static func level(_ decibels: Double) -> String {
    let tenths = Int((max(decibels, quietest) * 10).rounded())
    return (tenths < 0 ? "-" : "") + "\(tenths.magnitude / 10).\(tenths.magnitude % 10)"
  }

  private static func duration(_ seconds: Double) -> String {
    let shown = number(seconds, decimals: seconds < 1 ? 2 : 1)
    return shown == "1" ? "1 second" : "\(shown) seconds"
  }

  /// Without zeros at the end.
  private static func number(_ value: Double, decimals: Int) -> String {
    let scale = decimals == 1 ? 10 : 100
    let scaled = Int((value * Double(scale)).rounded())
    guard scaled % scale != 0 else { return "\(scaled / scale)" }
    var fraction = String(scaled % scale)
    fraction = String(repeating: "0", count: decimals - fraction.count) + fraction
    while fraction.last == "0" { fraction.removeLast() }
    return "\(scaled / scale).\(fraction)"
  }
}
