/// What was measured up to and in one optimizer step.
public struct StepMetrics: Sendable, Equatable {
  /// Optimizer steps done since the run began, from 1.
  public var step: Int
  /// How often the data was gone through, with a fraction.
  public var epoch: Double
  /// A value that is not a number is one that could not be measured, such as the mean of no completions.
  public var values: [MetricName: Double]

  public init(step: Int, epoch: Double, values: [MetricName: Double] = [:]) {
    self.step = step
    self.epoch = epoch
    self.values = values
  }

  public subscript(name: MetricName) -> Double? {
    get { values[name] }
    set { values[name] = newValue }
  }

  /// One line of JSON: step and epoch, then the values by name, those of the clock last. What is not finite is null, as
  /// JSON has no other word for it.
  public var line: String {
    var line = MetricsJSON()
    line.add("step", step)
    line.add("epoch", epoch)
    let names = values.keys.sorted()
    for name in names where !MetricName.ofTheClock.contains(name) { line.add(name.rawValue, values[name]) }
    for name in names where MetricName.ofTheClock.contains(name) { line.add(name.rawValue, values[name]) }
    return line.text
  }
}
