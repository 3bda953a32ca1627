import Foundation
import FoundationNetworking
import Testing

@Suite struct StandInCommandTests {
  private func post(_ body: String, to baseURL: String) async throws -> (response: HTTPURLResponse, body: String) {
    var request = URLRequest(url: try #require(URL(string: baseURL + "/chat/completions")))
    request.httpMethod = "POST"
    request.httpBody = Data(body.utf8)
    let (data, response) = try await URLSession.shared.data(for: request)
    return (try #require(response as? HTTPURLResponse), String(decoding: data, as: UTF8.self))
  }

  @Test func faultsLimitsAndAbilitiesAreSetByOptions() async throws {
    let place = try Workplace()
    let standIn = try RunningProgram(
      [
        "stand-in", "--port", "0", "--fault", "rate-limited-ms=1", "--requests-per-minute", "60", "--json-schema",
        "refused",
      ], in: place.path)
    defer { standIn.kill() }
    #expect(await standIn.out.waits { $0.contains("\n") })
    let baseURL = standIn.out.text.trimmingCharacters(in: .newlines)
    let question = #"{"model":"m","messages":[{"role":"user","content":"Write 2 questions."}]"#

    let limited = try await post(question + "}", to: baseURL)
    let refused = try await post(
      question + #","response_format":{"type":"json_schema","json_schema":{"name":"n","schema":{}}}}"#, to: baseURL)

    #expect(limited.response.statusCode == 429 && refused.response.statusCode == 400)
    #expect(limited.response.value(forHTTPHeaderField: "retry-after-ms") == "200")
    #expect(limited.response.value(forHTTPHeaderField: "x-ratelimit-limit-requests") == "60")
    #expect(refused.body.contains("'response_format'"))
  }

  @Test(
    arguments: [
      (["--fault", "gremlins=0.5"], "The value 'gremlins=0.5' is invalid for '--fault"),
      (["--fault", "reset"], "The value 'reset' is invalid for '--fault"),
      (["--fault", "reset=0.6", "--rate-limited", "0.6"], "together at most 1"),
      (["--fault", "reset=-1"], "between 0 and 1"), (["--fault", "reset=0.1", "--fault", "reset=0.2"], "given twice"),
      (["--drip-seconds", "99999"], "--drip-seconds must be between 0 and 3600"),
      (["--at-once", "0"], "must be positive"), (["--json-schema", "maybe"], "is invalid for '--json-schema"),
      (["--batch-expires", "2"], "--batch-expires must be between 0 and 1"),
    ])
  func aBadOptionIsAMistakeOfUse(options: [String], words: String) async throws {
    let place = try Workplace()

    let result = try await Program.run(["stand-in", "--port", "0"] + options, in: place.path)

    #expect(result.status == 64)
    #expect(result.err.contains(words), "\(result.err)")
  }

  @Test func theManualNamesEveryFaultOfTheHelp() async throws {
    let place = try Workplace()
    let manual = try String(contentsOfFile: Workplace.project + "/docs/stand-in.md", encoding: .utf8)

    let help = try await Program.run(["stand-in", "--help"], in: place.path).out

    let words = help.replacing("\n", with: " ").replacing(#/ +/#, with: " ")
    let list = try #require(words.firstMatch(of: #/Faults for --fault: (.*?)\./#)).1
    let names = list.replacing(" ", with: "").split(separator: ",")
    #expect(names.count == 26)
    for name in names { #expect(manual.contains("`\(name)`"), "\(name)") }
  }
}
