import Testing

@testable import Training

@Suite struct TrainingProgressTests {
  private var progress: TrainingProgress {
    TrainingProgress(
      phase: "grpo", step: 120, total: 1_000,
      metrics: StepMetrics(
        step: 120, epoch: 0.5,
        values: [
          .loss: 0.01234, .reward: 1.25, .rewardDeviation: 0.43, .shareWithoutSignal: 0.25, .divergence: 0.0123,
          .meanLength: 34.4, .clippedLowMean: 0.001, .clippedHighMean: 0.004,
        ]), tokensPerSecond: 1_234.4, secondsLeft: 760)
  }

  @Test(arguments: [
    (
      200,
      "grpo 120/1,000  loss 0.0123  reward 1.25 ± 0.43  no signal 25%  KL 0.0123  length 34  clip 0.1/0.4%  "
        + "1,234 tok/s  13 min left"
    ),
    (100, "grpo 120/1,000  loss 0.0123  reward 1.25 ± 0.43  no signal 25%  KL 0.0123  1,234 tok/s  13 min left"),
    (75, "grpo 120/1,000  loss 0.0123  reward 1.25 ± 0.43  no signal 25%  13 min left"),
    (74, "grpo 120/1,000  loss 0.0123  reward 1.25 ± 0.43  13 min left"),
    (60, "grpo 120/1,000  loss 0.0123  reward 1.25 ± 0.43  13 min left"),
    (59, "grpo 120/1,000  reward 1.25 ± 0.43  13 min left"),
    (30, "grpo 120/1,000  13 min left"), (14, "grpo 120/1,000"), (9, "grpo 120…"), (1, "…"),
  ])
  func theLeastImportantPartsGoFirst(width: Int, text: String) {
    #expect(progress.text(width: width) == text)
  }

  @Test func noWidthIsExceeded() {
    for width in 1...160 { #expect(PlainText.columns(progress.text(width: width)) <= width) }
  }

  @Test func otherPhasesShowWhatTheyMeasure() {
    let sft = TrainingProgress(
      phase: "sft", step: 7, total: 0,
      metrics: StepMetrics(step: 7, epoch: 0, values: [.loss: 2.5, .tokenAccuracy: 0.512]))
    let dpo = TrainingProgress(
      phase: "dpo", step: 7, total: 9,
      metrics: StepMetrics(step: 7, epoch: 0, values: [.loss: .nan, .rewardAccuracy: 0.75]), secondsLeft: .infinity)

    #expect(sft.text(width: 60) == "sft 7  loss 2.500  right 51%")
    #expect(dpo.text(width: 60) == "dpo 7/9  loss nan  chosen 75%  ages left")
  }

  @Test(arguments: [Double.nan, .infinity, -.infinity, 1e300, -1e300, 0, -0.001])
  func noMeasurementIsTooOdd(value: Double) {
    var odd = progress
    for name in odd.metrics.values.keys { odd.metrics[name] = value }
    odd.tokensPerSecond = value
    odd.secondsLeft = value

    #expect(odd.text(width: 300).hasPrefix("grpo 120/1,000  loss "))
  }

  @Test func aTerminalGetsOneLineThatIsRedrawn() {
    var line = ProgressLine(isInteractive: true)

    #expect(line.update(progress, columns: 31, at: 10) == "\r\u{1B}[Kgrpo 120/1,000  13 min left")
    #expect(line.update(progress, columns: 31, at: 10.05).isEmpty)
    #expect(!line.update(progress, columns: 31, at: 10.2).isEmpty)
    #expect(line.clear() == "\r\u{1B}[K")
    #expect(line.clear().isEmpty)
  }

  @Test func aPipeGetsALineNowAndThen() {
    var line = ProgressLine(isInteractive: false)
    let text = progress.text(width: 1_000) + "\n"

    #expect(line.update(progress, columns: 80, at: 0) == text)
    #expect(line.update(progress, columns: 80, at: 9).isEmpty)
    #expect(line.update(progress, columns: 80, at: 9, urgent: true) == text)
    #expect(line.update(progress, columns: 80, at: 18).isEmpty)
    #expect(line.update(progress, columns: 80, at: 19) == text)
    #expect(line.clear().isEmpty)
  }

  @Test func thePaceIsThatOfTheLastSteps() {
    var pace = TrainingPace()
    #expect(pace.tokensPerSecond == nil && pace.secondsLeft(steps: 5) == nil)

    for _ in 0..<20 { pace.add(seconds: 10, tokens: 1) }
    for _ in 0..<20 { pace.add(seconds: 2, tokens: 100) }

    #expect(pace.tokensPerSecond == 50)
    #expect(pace.secondsLeft(steps: 5) == 10)
    #expect(pace.secondsLeft(steps: -5) == 0)
  }
}
