import ArgumentParser
import Models
import Tensors

struct ModelsMergeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "merge",
    abstract: "Add a LoRA adapter to a model's weights, or take it away again.",
    discussion: """
      The new folder is a model like the base, which other programs read too; the base stays as it is. Reads adapters \
      that Earshot and PEFT wrote. Weights keep the type that the base has: with bfloat16 the sum is rounded, with \
      --weights float32 it is not, and --unmerge then gives the base back to a millionth.

      Examples:
        earshot models merge models/base runs/x/adapter --to merged
        earshot models merge merged runs/x/adapter --unmerge --to before
      """)

  @Argument(help: ArgumentHelp("The model: a folder, or the OWNER/NAME of one that was pulled.", valueName: "base"))
  var base: String

  @Argument(help: ArgumentHelp("The folder of the adapter.", valueName: "adapter"), completion: .directory)
  var adapter: String

  @Option(
    help: ArgumentHelp("The folder to write; made by the command.", valueName: "new-dir"), completion: .directory)
  var to: String

  @Flag(help: "Take the adapter away from a model that it was merged into.")
  var unmerge = false

  @Option(help: "The type of the changed weights: float32 or bfloat16. Left out: that of the base.")
  var weights: WeightFormat?

  @Option(help: ArgumentHelp("Threads to compute with. Left out: one per CPU.", valueName: "n"))
  var threads: Int?

  @Flag(help: "Print JSON.")
  var json = false

  func validate() throws {
    if to.isEmpty { throw ValidationError("--to must name a folder.") }
    if let weights, ![.float32, .bfloat16].contains(weights) {
      throw ValidationError("--weights must be float32 or bfloat16.")
    }
    if let threads, threads < 1 || threads > 1_024 { throw ValidationError("--threads must be between 1 and 1024.") }
  }

  func run() throws {
    if let threads { Parallel.threads = threads }
    let source = try Checkpoint(folder: try ModelLocation.resolve(base))
    let adapter = try ModelAdapter(folder: adapter, base: source.configuration)
    let merge = try AdapterMerge(adapter, into: source, direction: unmerge ? .unmerge : .merge)
    let type = weights.map { $0 == .float32 ? StoredType.float32 : .bfloat16 }
    let terminal = Terminal.standardError
    var shown = -1
    try merge.write(to: to, as: type) { written, total in
      let percent = total == 0 ? 100 : written * 100 / total
      guard terminal.isInteractive, percent != shown else { return }
      shown = percent
      write("\r\(percent)% of \(Quantity.bytes(total))", to: Screen.descriptor)
    }
    if shown >= 0 { write("\r\u{1B}[K", to: Screen.descriptor) }
    let result = MergeLine(folder: to, adapter: adapter, checkpoint: try Checkpoint(folder: to), unmerged: unmerge)
    printResult(json ? jsonLine(result, pretty: true) : result.text)
  }
}

/// What a merge did, as it is shown.
struct MergeLine: Encodable {
  var folder: String
  /// Layers with low-rank factors.
  var layers: Int
  /// Tensors that were trained themselves.
  var tensors: Int
  var rank: Int
  var bytes: Int
  var unmerged: Bool

  init(folder: String, adapter: ModelAdapter, checkpoint: Checkpoint, unmerged: Bool) {
    self.folder = folder
    layers = adapter.layers.count
    tensors = adapter.trained.count
    rank = adapter.settings.rank
    bytes = ModelSummary(checkpoint).byteCount
    self.unmerged = unmerged
  }

  var text: String {
    let what = unmerged ? "taken out of" : "added to"
    let others = tensors == 0 ? "" : ", \(tensors) tensors replaced"
    return "\(folder): the adapter is \(what) \(layers) layers (rank \(rank))\(others); "
      + "\(Quantity.bytes(bytes)) of weights"
  }
}
