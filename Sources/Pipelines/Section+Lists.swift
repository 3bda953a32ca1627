// Getters of what training files hold beside single values.

extension Section {
  /// A list of numbers, or a single one.
  public func doubles(_ key: String, in range: ClosedRange<Double>) throws(PipelineError) -> [Double]? {
    let wanted = "a list of numbers between \(plain(range.lowerBound)) and \(plain(range.upperBound))"
    guard let value = value(key) else { return nil }
    guard case .list(let elements) = value.content else {
      return try read(key, wanted: wanted) { number(of: $0, in: range).map { [$0] } }
    }
    var numbers: [Double] = []
    for (place, element) in elements.enumerated() {
      guard let number = number(of: element, in: range) else {
        let wanted = "a number between \(plain(range.lowerBound)) and \(plain(range.upperBound))"
        throw .badValue(key: full("\(key)[\(place)]"), shown: element.shown, wanted: wanted, at: element.place)
      }
      numbers.append(number)
    }
    return numbers
  }

  /// A number, or nil for the word `off`.
  public func limit(
    _ key: String, in range: ClosedRange<Double>, default fallback: Double?
  ) throws(PipelineError) -> Double? {
    let wanted = "a number between \(plain(range.lowerBound)) and \(plain(range.upperBound)), or off"
    let given: Double?? = try read(key, wanted: wanted) { value -> Double?? in
      if value.scalar == "off" { return .some(nil) }
      return value.scalar.flatMap { decimal($0) }.flatMap { range.contains($0) ? .some($0) : nil }
    }
    return given ?? fallback
  }

  /// Paths, each as ``optionalPath(_:words:)`` reads it: a list of them, or a single one.
  public func paths(_ key: String) throws(PipelineError) -> [String]? {
    guard let value = value(key) else { return nil }
    let elements: [PlacedValue] = if case .list(let elements) = value.content { elements } else { [value] }
    var paths: [String] = []
    for element in elements { paths.append(try path(of: element, key: key)) }
    return paths
  }
}

extension Section {
  /// Where the key is set, or where the section stands if it is not.
  public func place(of key: String) -> Place { value(key)?.place ?? place }
}

private func number(of value: PlacedValue, in range: ClosedRange<Double>) -> Double? {
  value.scalar.flatMap { decimal($0) }.flatMap { range.contains($0) ? $0 : nil }
}
