import ArgumentParser
import Foundation
import Models

struct ModelsInitCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "init",
    abstract: "Write a small model with random weights, to train from scratch or to try things with.",
    discussion: """
      'nano' is a Qwen2-Audio of about 4 million parameters with a tokenizer of its own, in the same files as the \
      models of the hub. The same seed gives the same bytes.
      """)

  enum Shape: String, ExpressibleByArgument, CaseIterable {
    case nano
  }

  @Argument(help: "The shape: nano.")
  var shape: Shape

  @Argument(help: ArgumentHelp("The folder to write; made by the command.", valueName: "dir"), completion: .directory)
  var dir: String

  @Option(help: "The seed of the weights.")
  var seed: UInt64 = 1

  func run() throws {
    let tokenizer = try NanoModel.create(folder: dir, seed: seed)
    let summary = ModelSummary(try Checkpoint(folder: dir))
    printResult(
      "\(dir): \(Quantity.count(summary.parameters, "parameters")), \(Quantity.count(tokenizer.vocabularySize, "tokens"))"
    )
  }
}
