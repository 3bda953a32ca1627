import Foundation
import Testing

@testable import Training

@Suite struct MetricsLogTests {
  private func metrics(_ step: Int, seconds: Double = 1.5) -> StepMetrics {
    StepMetrics(
      step: step, epoch: Double(step) / 8, values: [.stepTime: seconds, .loss: 1 / Double(step), .reward: 0.25])
  }

  @Test func aLineIsOneJSONObjectWithTheClocksValuesLast() throws {
    var measured = metrics(3)
    measured[.rewardMean(of: "the \"odd\"\none")] = .nan
    measured[.learningRate] = 1e-6

    #expect(
      measured.line == """
        {"step": 3, "epoch": 0.375, "learning_rate": 1e-06, "loss": 0.3333333333333333, "reward": 0.25, \
        "rewards/the \\"odd\\"\\none/mean": null, "step_time": 1.5}
        """)
  }

  @Test func aResumedRunLeavesTheLinesOfOneLeftAlone() throws {
    let folder = try MetricsFolder()
    let whole = try MetricsLog(path: "\(folder.path)/whole", after: 0)
    for step in 1...9 { try whole.append(metrics(step)) }

    do {
      let killed = try MetricsLog(path: "\(folder.path)/killed", after: 0)
      for step in 1...7 { try killed.append(metrics(step)) }
    }
    let resumed = try MetricsLog(path: "\(folder.path)/killed", after: 5)
    for step in 6...9 { try resumed.append(metrics(step)) }

    #expect(try folder.text("killed") == folder.text("whole"))
  }

  @Test(arguments: [0, 1, 4, 9, 100])
  func resumingKeepsWhatIsNotBehindTheStep(step: Int) throws {
    let folder = try MetricsFolder()
    let lines = (1...9).map { metrics($0).line + "\n" }
    _ = try MetricsLog(path: try folder.file("log", lines.joined()), after: step)

    #expect(try folder.text("log") == lines.prefix(step).joined())
  }

  @Test(arguments: [
    "{\"step\": 3, \"epo", "\0\0\0\0\0", "{\"step\": 2}", "{}\n", "\n\n", "[[[[[[[[\n", "{\"step\": 1e300}\n",
    "{\"step\": 99999999999999999999999}\n", "{\"step\": \"1\"}\n", "\u{FFFD}\n\0",
  ])
  func whatALossOfPowerLeftAtTheEndIsCutOff(rest: String) throws {
    let folder = try MetricsFolder()
    let path = try folder.file("log", "{\"step\": 1}\n{\"step\": 2}\n" + rest)
    let log = try MetricsLog(path: path, after: 2)
    try log.append(metrics(3))

    #expect(try folder.text("log") == "{\"step\": 1}\n{\"step\": 2}\n\(metrics(3).line)\n")
  }

  @Test func linesThatCannotBeReadStayBetweenThoseThatCan() throws {
    let folder = try MetricsFolder()
    let text = "{\"step\": 1}\nsomething else\n{\"step\": 2}\n"
    _ = try MetricsLog(path: try folder.file("log", text), after: 2)

    #expect(try folder.text("log") == text)
  }

  @Test func aLogThatCannotBeWrittenIsAnErrorThatNamesIt() throws {
    let folder = try MetricsFolder()
    let path = "\(folder.path)/none/metrics.jsonl"

    #expect(
      throws: MetricsError.cannotWrite(path: path, reason: "No such file or directory"),
      performing: { try MetricsLog(path: path, after: 0) })
    #expect(throws: MetricsError.self) { try MetricsLog(path: folder.path, after: 0) }
  }

  @Test func everyLineIsReadBackByAJSONParser() throws {
    let texts = ["plain", "\"\\/\u{8}\u{c}\n\r\t", "\0\u{1f}\u{7f}\u{80}\u{9f}\u{2028}\u{2029}", "é狗🐕\u{10FFFF}", ""]
    for text in texts {
      var line = MetricsJSON()
      line.add(text, text)

      let read = try JSONDecoder().decode([String: String].self, from: Data(line.text.utf8))

      #expect(read == [text: text])
      #expect(!line.text.contains { $0.isNewline })
    }
  }

  @Test(arguments: [0.1, -0.0, 1e-300, Double.leastNonzeroMagnitude, 1e300, 12_345_678.9, 1 / 3.0])
  func numbersAreReadBackToTheBit(value: Double) throws {
    var line = MetricsJSON()
    line.add("x", value)
    let read = try JSONDecoder().decode([String: Double].self, from: Data(line.text.utf8))

    #expect(read["x"]?.bitPattern == value.bitPattern)
  }
}
