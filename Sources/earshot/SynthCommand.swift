import ArgumentParser
import Audio

struct SynthCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "synth",
    abstract:
      "Make a labelled demo set of sounds: tones, chirps, strings, bells, drums, noise, sirens, vowels, scenes.",
    discussion: "Writes 16 kHz WAV files and labels.csv. The same seed gives the same sounds on every machine.")

  @Argument(help: "The folder to write to; made where it is missing.", completion: .directory)
  var dir: String

  @Option(help: ArgumentHelp("How many clips.", valueName: "n"))
  var clips = 64

  @Option(help: "The seed.")
  var seed: UInt64 = 1

  func validate() throws {
    if clips < 1 || clips > 1_000_000 { throw ValidationError("--clips must be between 1 and 1000000.") }
  }

  func run() throws {
    try writeDemoSet(to: dir, count: clips, seed: seed)
    printResult("\(dir): \(Quantity.count(clips, "clips")) and labels.csv")
  }
}
