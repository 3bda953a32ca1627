/// A finite decimal number; unlike `Double.init`, no hexadecimal, infinity or NaN.
func decimal(_ text: some StringProtocol) -> Double? {
  guard text.utf8.allSatisfy({ "0123456789+-.eE".utf8.contains($0) }) else { return nil }
  return Double(text).flatMap { $0.isFinite ? $0 : nil }
}

/// Seconds of "250ms", "30s", "0.5s", "2m", "1h" or a plain number; a space before the unit is fine.
func seconds(_ text: String) -> Double? {
  let units: [(suffix: String, seconds: Double)] = [("ms", 0.001), ("s", 1), ("m", 60), ("h", 3600)]
  guard let unit = units.first(where: { text.hasSuffix($0.suffix) }) else { return decimal(text) }
  let number = text.dropLast(unit.suffix.count)
  return decimal(number.last == " " ? number.dropLast() : number).map { $0 * unit.seconds }
}

/// As a person writes it: 1 and not 1.0.
func plain(_ number: Double) -> String {
  Int(exactly: number).map(String.init) ?? "\(number)"
}
