import ArgumentParser
import Evaluation
import Foundation
import Models

struct ModelsCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "models",
    abstract: "Get models from the Hugging Face hub, and see which ones are here.",
    subcommands: [
      ModelsPullCommand.self, ModelsListCommand.self, ModelsShowCommand.self, ModelsQuantizeCommand.self,
      ModelsCompareCommand.self, ModelsMergeCommand.self, ModelsInitCommand.self,
    ])
}

struct ModelsPullCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "pull",
    abstract: "Download a model, or what is missing of it.",
    discussion: """
      Gets the configuration, the tokenizer and the safetensors weights, checks each file against the hub's checksum, \
      and prints the folder they are in. A pull that was stopped goes on where it was. Models go to the cache that \
      huggingface_hub uses ($HF_HUB_CACHE, $HF_HOME/hub or ~/.cache/huggingface/hub), where --model finds them by name.

      Examples:
        earshot models pull Qwen/Qwen2-Audio-7B-Instruct
        earshot models pull Qwen/Qwen2.5-Omni-3B --to models/omni

      Gated and private models need a token in HF_TOKEN; HF_ENDPOINT names another hub than https://huggingface.co.
      """)

  @Argument(help: ArgumentHelp("The model's name on the hub.", valueName: "owner/name"))
  var model: String

  @Option(help: ArgumentHelp("A branch, a tag or a commit.", valueName: "revision"))
  var revision = "main"

  @Option(
    help: ArgumentHelp("Write plain files to this folder instead of the cache.", valueName: "dir"),
    completion: .directory)
  var to: String?

  @Option(
    help: ArgumentHelp(
      "Get the files that match, instead of what a model needs; may be given several times.", valueName: "glob"))
  var include: [String] = []

  func validate() throws {
    if let to, to.isEmpty { throw ValidationError("--to must name a folder.") }
    if include.contains("") { throw ValidationError("--include must not be empty.") }
  }

  func run() async throws {
    guard let name = ModelName(model) else { throw HubError.badModelName(model) }
    let client = HubClient(settings: try HubSettings(environment: ProcessInfo.processInfo.environment))
    let screen = PullScreen(model: model)
    let destination = to.map(PullDestination.folder) ?? .cache
    signal(SIGPIPE, SIG_IGN)
    do {
      let (revision, include) = (revision, include)
      let folder = try await Interruption.watching(note: { _ in }) {
        try await client.pull(name, revision: revision, to: destination, patterns: include) { screen.show($0) }
      }
      screen.finish()
      printResult(folder)
    } catch {
      screen.clear()
      if error is CancellationError || error as? HubError == .cancelled {
        throw Stopped(command: CommandLine.arguments)
      }
      throw error
    }
  }
}

struct ModelsListCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list",
    abstract: "List the models in the cache, those that other programs pulled included.",
    discussion: "The cache is $HF_HUB_CACHE, $HF_HOME/hub or ~/.cache/huggingface/hub.")

  @Flag(help: "Print JSON.")
  var json = false

  func run() throws {
    let cache = ModelCache(folder: HubSettings.cacheFolder(ProcessInfo.processInfo.environment))
    let lines = cache.models().map(CachedModelLine.init)
    if json { return printResult(jsonLine(lines, pretty: true)) }
    guard !lines.isEmpty else {
      return printNote("\(cache.folder): no models. Get one with: earshot models pull OWNER/NAME")
    }
    var table = TextGrid(["model", "revision", "architecture", "size", "complete"], numeric: [3])
    for line in lines { table.add(line.cells) }
    printResult(table.text)
  }
}

/// A model of the cache as it is shown.
struct CachedModelLine: Encodable {
  var name: String
  var revisions: [String]
  var commit: String
  var architecture: String?
  var bytes: Int
  var complete: Bool
  var folder: String

  init(_ model: CachedModel) {
    name = model.name
    revisions = model.revisions
    commit = model.commit
    architecture = model.architecture
    bytes = model.byteCount
    complete = model.isWhole
    folder = model.folder
  }

  var cells: [String] {
    let revision = (revisions + [String(commit.prefix(8))]).joined(separator: " ")
    return [name, revision, architecture ?? "-", Quantity.bytes(bytes), complete ? "yes" : "no"]
  }
}
