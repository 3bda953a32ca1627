/// A unit of measurement as questions write it: which quantity it measures, and how many of the base unit it is.
struct MeasureUnit: Equatable {
  enum Quantity { case time, frequency, level, digitalLevel, tempo, share }

  /// One spelling for all: "seconds" of "sec" and "second".
  let name: String
  let quantity: Quantity
  /// In seconds, hertz, decibels, beats per minute or hundredths.
  let scale: Double

  private static let spellings: [(names: [String], unit: MeasureUnit)] = [
    (["s", "sec", "secs", "second", "seconds"], MeasureUnit(name: "seconds", quantity: .time, scale: 1)),
    (
      ["ms", "msec", "msecs", "millisecond", "milliseconds"],
      MeasureUnit(name: "milliseconds", quantity: .time, scale: 0.001)
    ),
    (["min", "mins", "minute", "minutes"], MeasureUnit(name: "minutes", quantity: .time, scale: 60)),
    (["h", "hr", "hrs", "hour", "hours"], MeasureUnit(name: "hours", quantity: .time, scale: 3600)),
    (["hz", "hertz"], MeasureUnit(name: "Hz", quantity: .frequency, scale: 1)),
    (["khz", "kilohertz"], MeasureUnit(name: "kHz", quantity: .frequency, scale: 1000)),
    (["db", "decibel", "decibels"], MeasureUnit(name: "dB", quantity: .level, scale: 1)),
    (["dbfs"], MeasureUnit(name: "dBFS", quantity: .digitalLevel, scale: 1)),
    (["bpm", "beats per minute", "beat per minute"], MeasureUnit(name: "BPM", quantity: .tempo, scale: 1)),
    (["%", "percent", "per cent"], MeasureUnit(name: "percent", quantity: .share, scale: 1)),
  ]

  private static let known: [String: MeasureUnit] = Dictionary(
    spellings.flatMap { entry in entry.names.map { ($0, entry.unit) } }, uniquingKeysWith: { first, _ in first })

  private init(name: String, quantity: Quantity, scale: Double) {
    self.name = name
    self.quantity = quantity
    self.scale = scale
  }

  /// The unit that words in small letters are, with one space between them; nil for what is none of these.
  init?(_ words: String) {
    guard let unit = Self.known[words] else { return nil }
    self = unit
  }
}
