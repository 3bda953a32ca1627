import ArgumentParser
import Evaluation
import Models

struct ModelsShowCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show",
    abstract: "Show a model's layout, its size, and the memory it needs.",
    discussion: "Reads the configuration and the headers of the weights only, and checks that they fit each other.")

  @Argument(help: ArgumentHelp("The model: a folder, or the OWNER/NAME of one that was pulled.", valueName: "dir"))
  var model: String

  @Option(help: ArgumentHelp("For how many tokens of prompt and answer to reckon the memory.", valueName: "n"))
  var tokens = 2_048

  @Flag(help: "One JSON object.")
  var json = false

  func validate() throws {
    if tokens < 1 || tokens > 10_000_000 { throw ValidationError("--tokens must be between 1 and 10000000.") }
  }

  func run() throws {
    let folder = try ModelLocation.resolve(model)
    let checkpoint = try Checkpoint(folder: folder)
    let summary = ModelSummary(checkpoint)
    if json {
      return printResult(
        jsonLine(ShownModel(folder: folder, checkpoint: checkpoint, summary, tokens: tokens), pretty: true))
    }
    var table = TextGrid(["", ""])
    for (name, value) in lines(of: summary, checkpoint) { table.add([name, value]) }
    printResult(table.text.split(separator: "\n").joined(separator: "\n"))
  }

  private func lines(of summary: ModelSummary, _ checkpoint: Checkpoint) -> [(String, String)] {
    let decoder = summary.configuration.decoder
    var lines = [("architecture", summary.configuration.architecture.rawValue), ("revision", checkpoint.revision)]
    lines.append(("parameters", Quantity.count(summary.parameters)))
    lines += summary.parts.map { ("  \($0.name)", Quantity.count($0.parameters)) }
    if let encoder = summary.configuration.encoder {
      lines.append(
        (
          "encoder",
          "\(encoder.layers) layers of width \(encoder.width), \(encoder.heads) heads, \(encoder.melBands) mel bands, "
            + "clips of up to \(encoder.maximumSamples / 16_000) s"
        ))
    }
    lines.append(
      (
        "decoder",
        "\(decoder.layers) layers of width \(decoder.hiddenSize), \(decoder.heads) heads (\(decoder.keyValueHeads) for "
          + "keys and values), \(Quantity.count(decoder.vocabularySize)) tokens, "
          + "\(Quantity.count(decoder.maximumPositions)) positions"
      ))
    let formats = summary.shares.map { "\($0.format) \(Quantity.bytes($0.bytes))" }.joined(separator: ", ")
    lines.append(
      ("weights", "\(Quantity.count(summary.fileCount, "files")), \(Quantity.bytes(summary.byteCount)): \(formats)"))
    lines.append(("keys and values", "\(Quantity.count(summary.cacheBytesPerToken)) bytes a token"))
    lines.append(
      (
        "memory needed",
        "\(Quantity.bytes(summary.memoryNeeded(tokens: tokens))) for \(Quantity.count(tokens, "tokens"))"
      ))
    return lines
  }
}

private struct ShownModel: Encodable {
  var folder: String
  var architecture: String
  var revision: String
  var parameters: Int
  var parts: [String: Int]
  var files: Int
  var bytes: Int
  var formats: [String: Int]
  var kvBytesPerToken: Int
  var memoryNeeded: Int
  var tokens: Int

  init(folder: String, checkpoint: Checkpoint, _ summary: ModelSummary, tokens: Int) {
    self.folder = folder
    architecture = summary.configuration.architecture.rawValue
    revision = checkpoint.revision
    parameters = summary.parameters
    parts = Dictionary(summary.parts.map { ($0.name, $0.parameters) }, uniquingKeysWith: +)
    files = summary.fileCount
    bytes = summary.byteCount
    formats = Dictionary(summary.shares.map { ($0.format, $0.bytes) }, uniquingKeysWith: +)
    kvBytesPerToken = summary.cacheBytesPerToken
    memoryNeeded = summary.memoryNeeded(tokens: tokens)
    self.tokens = tokens
  }

  enum CodingKeys: String, CodingKey {
    case folder, architecture, revision, parameters, parts, files, bytes, formats, tokens
    case kvBytesPerToken = "kv_bytes_per_token"
    case memoryNeeded = "memory_needed"
  }
}
