import Foundation
import Testing

@testable import earshot

/// Every error of ours, or of the system's, gets a status of its own and one line.
@Suite struct FailureTests {
  @Test func aFileErrorOfTheSystemNamesThePathInOneLine() throws {
    let missing = URL(fileURLWithPath: "/nowhere/a b")
    let error = try #require(throws: CocoaError.self) { try Data(contentsOf: missing) }

    let failure = try #require(Failure(error))

    #expect(failure.status == 74)
    #expect(failure.text.hasPrefix("/nowhere/a b: "))
    #expect(!failure.text.contains("\n") && !failure.text.contains("Error Domain"))
  }

  @Test func anErrorThatNobodyForesawIsOneLineToo() throws {
    struct Odd: Error, CustomStringConvertible {
      let description = "first\nsecond"
    }

    let failure = try #require(Failure(Odd()))

    #expect(failure.status == 70)
    #expect(failure.text == "first second. This should not happen; if it comes again, please report it.")
  }

  @Test func theParsersOwnErrorsAreLeftToIt() async throws {
    let place = try Workplace()
    let statuses: [([String], Int32)] = [
      (["--version"], 0), (["help", "run"], 0), (["bogus"], 64), (["run", "x.yaml", "--limit", "0"], 64),
    ]

    for (arguments, status) in statuses {
      #expect(try await Program.run(arguments, in: place.path).status == status, "\(arguments)")
    }
  }
}
