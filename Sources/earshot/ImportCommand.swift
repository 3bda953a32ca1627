import ArgumentParser
import Dataset

struct ImportCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "import",
    abstract: "Take a question set that was made elsewhere into a run.",
    discussion: """
      A set is a folder that 'earshot export' or somebody else wrote, or a single file. Its rows keep their ids, choices, \
      splits and everything else that they say; repeats are thrown out as in every run; rows and sounds that cannot be \
      used are counted with the reason. On the run folder every command works: export, status, duplicates, explain. \
      docs/import.md describes what is read.

      Examples:
        earshot import exports/r1-aqa --into runs/theirs
        earshot import mmau-test-mini.json --audio-from ~/mmau/audios --into runs/mmau
        earshot export runs/theirs --format trl --to exports/trl
      """)

  @Argument(
    help: "The set: a folder or a file. Left out: go on with the import in the run folder.", completion: .file())
  var source: String?

  @OptionGroup var options: ImportOptions

  func run() async throws { try await options.execute(source.map { [$0] } ?? []) }
}

struct MergeCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "merge",
    abstract: "Make one set of several: runs, exported folders, files.",
    discussion: """
      What has the same id, words and sound in two sets is there once; an id that means two questions stays with the first \
      set, and the other question gets a new one. Near repeats go through the dedup stage. Of each question the run knows \
      which set it came from: 'earshot status' counts them.

      Examples:
        earshot merge runs/a runs/b exports/theirs --into runs/both
      """)

  @Argument(help: "Folders of runs, folders and files of sets; the first has the first say.", completion: .directory)
  var sources: [String]

  @OptionGroup var options: ImportOptions

  func validate() throws {
    if sources.count < 2 { throw ValidationError("Give two sets or more. 'earshot import' takes one.") }
  }

  func run() async throws { try await options.execute(sources) }
}
