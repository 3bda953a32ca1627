import ArgumentParser
import Models
import Tensors

struct ModelsQuantizeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "quantize",
    abstract: "Write a model with smaller weights, which loads at once and needs less memory.",
    discussion: """
      The new folder has everything the old one has; its weights are mapped into memory as they are. int8 and int4 \
      weights are packed the way Earshot computes with them, and no other program reads them. 'models compare' shows \
      what they cost in accuracy.
      """)

  @Argument(help: ArgumentHelp("The model: a folder, or the OWNER/NAME of one that was pulled.", valueName: "dir"))
  var model: String

  @Argument(
    help: ArgumentHelp("The folder to write; made by the command.", valueName: "new-dir"), completion: .directory)
  var destination: String

  @Option(help: "int8, int4 or bfloat16.")
  var weights: WeightFormat = .int8

  @Option(help: ArgumentHelp("Threads to compute with. Left out: one per CPU.", valueName: "n"))
  var threads: Int?

  func validate() throws {
    if weights == .float32 { throw ValidationError("--weights must be int8, int4 or bfloat16.") }
    if let threads, threads < 1 || threads > 1_024 { throw ValidationError("--threads must be between 1 and 1024.") }
  }

  func run() throws {
    if let threads { Parallel.threads = threads }
    let source = try Checkpoint(folder: try ModelLocation.resolve(model))
    let terminal = Terminal.standardError
    var shown = -1
    try CheckpointQuantization(source, format: weights).write(to: destination) { written, total in
      let percent = total == 0 ? 100 : written * 100 / total
      guard terminal.isInteractive, percent != shown else { return }
      shown = percent
      write("\r\(percent)% of \(Quantity.bytes(total))", to: Screen.descriptor)
    }
    if shown >= 0 { write("\r\u{1B}[K", to: Screen.descriptor) }
    let summary = ModelSummary(try Checkpoint(folder: destination))
    let before = ModelSummary(source).byteCount
    printResult("\(destination): \(Quantity.bytes(summary.byteCount)) of weights; there were \(Quantity.bytes(before))")
  }
}
