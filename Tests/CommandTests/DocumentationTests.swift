import Foundation
import Testing

@Suite struct DocumentationTests {
  private static let commands = [
    "run", "estimate", "status", "export", "explain", "caption", "ask", "score", "train", "eval", "score-file",
    "compare", "lint", "experiment", "models", "doctor", "probe", "synth", "stand-in", "duplicates", "contamination",
    "report",
    "import", "merge",
  ]

  @Test(arguments: commands) func everyCommandHasHelpAndStandsInTheREADME(command: String) async throws {
    let place = try Workplace()
    let readme = try String(contentsOfFile: Workplace.project + "/README.md", encoding: .utf8)

    let help = try await Program.run([command, "--help"], in: place.path)

    #expect(help.status == 0)
    #expect(help.out.contains("OVERVIEW: "))
    #expect(help.out.contains("USAGE: earshot \(command)"))
    #expect(readme.contains("earshot \(command)"))
  }

  @Test func everySubcommandIsKnownToTheseTests() async throws {
    let place = try Workplace()

    let help = try await Program.run(["--help"], in: place.path)

    let listed = help.out.split(separator: "\n").drop { $0 != "SUBCOMMANDS:" }.dropFirst()
      .filter { $0.hasPrefix("  ") && !$0.hasPrefix("   ") && !$0.hasPrefix("  See") }
      .compactMap { $0.split(separator: " ").first.map(String.init) }
    #expect(Set(listed) == Set(Self.commands))
  }

  @Test func theREADMEShowsWhatTheQuickstartPrints() async throws {
    let place = try Workplace()
    let readme = try String(contentsOfFile: Workplace.project + "/README.md", encoding: .utf8)

    let result = try await Program.run(["run", Workplace.quickstart], in: place.path)

    #expect(result.status == 0)
    #expect(readme.contains(result.out))
  }
}
