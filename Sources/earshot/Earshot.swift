import ArgumentParser

@main struct Earshot: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "earshot",
    abstract: "Turns a folder of audio into an audio question-answering dataset.",
    discussion: """
      Each clip is captioned locally, a chat endpoint writes multiple-choice questions from the captions, bad and \
      repeated ones are thrown out, and the rest is balanced, split and exported. Everything is kept in a run folder, \
      so a run that was stopped goes on where it was.

      To see it work:   earshot run pipelines/quickstart.yaml
      On your own clips: earshot run pipelines/quickstart.yaml --audio DIR --into runs/mine
      """,
    version: Version.current,
    subcommands: [
      RunCommand.self, EstimateCommand.self, StatusCommand.self, ExportCommand.self, ExplainCommand.self,
      CaptionCommand.self,
      AskCommand.self, ScoreCommand.self, TrainCommand.self, EvalCommand.self, ScoreFileCommand.self,
      CompareCommand.self, LintCommand.self, ExperimentCommand.self, ModelsCommand.self, DoctorCommand.self,
      ProbeCommand.self, SynthCommand.self, StandInCommand.self, DuplicatesCommand.self, ContaminationCommand.self,
      ReportCommand.self,
      ImportCommand.self, MergeCommand.self,
    ])

  static func main() async {
    do {
      var command = try parseAsRoot()
      if var asynchronous = command as? any AsyncParsableCommand {
        try await asynchronous.run()
      } else {
        try command.run()
      }
    } catch {
      guard let failure = Failure(error) else { exit(withError: error) }
      printNote(CommandLine.arguments.contains("--json") ? jsonLine(failure) : failure.text)
      exit(withError: ExitCode(failure.status))
    }
  }
}

enum Version {
  static let current = "0.1.0"
}
