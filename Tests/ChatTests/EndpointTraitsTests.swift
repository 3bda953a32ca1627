import Foundation
import Synchronization
import Testing
import Transfer

@testable import Chat

struct EndpointTraitsTests {
  private func traits(_ schema: EndpointTraits.SchemaSupport, _ object: EndpointTraits.Answer) -> EndpointTraits {
    EndpointTraits(
      endpoint: "https://host/v1", model: "m", schema: .init(schema, "seen"), jsonObject: .init(object, "seen"),
      text: .init(.content, "seen"), audio: nil, seed: .init(.unknown, "seen"), logProbabilities: .init(.no, "seen"),
      wantsCompletionTokens: .init(.no, "seen"), requests: 5)
  }

  @Test(arguments: [
    (EndpointTraits.SchemaSupport.enforced, EndpointTraits.Answer.no, StructuredOutput.jsonSchema),
    (.refused, .yes, .jsonObject), (.refused, .unknown, .plain), (.ignored, .yes, .jsonObject), (.ignored, .no, .plain),
    (.unknown, .yes, .jsonSchema),
  ])
  func theFormToAskForFollowsFromTheTraits(
    schema: EndpointTraits.SchemaSupport, object: EndpointTraits.Answer, output: StructuredOutput
  ) {
    let dialect = Dialect()
    dialect.learn(traits(schema, object))

    #expect(traits(schema, object).output(for: .jsonSchema) == output)
    #expect(dialect.spelled(request("m")).output == output)
    #expect(dialect.spelled(request("m").asking(for: .plain)).output == .plain)
    #expect(dialect.spelled(request("another")) == request("another"))
  }

  private func request(_ model: String) -> ChatRequest {
    ChatRequest(
      model: model, messages: [.user("Hello")], maxTokens: 64,
      responseFormat: .jsonSchema(name: "reply", schema: ["type": "object"]))
  }

  private func refusal(_ words: String, status: Int = 400) -> HTTPResponse {
    HTTPResponse(status: status, headers: [:], body: Array(words.utf8), seconds: 0)
  }

  @Test func whatWasRefusedIsNotAskedForAgainWhateverAProbeSaw() {
    let dialect = Dialect()
    let loose = request("m").asking(for: .jsonObject)
    #expect(dialect.learns(from: refusal("'response_format' is not supported"), of: loose))
    dialect.learn(traits(.enforced, .yes))
    #expect(dialect.learns(from: refusal("no json_schema here", status: 422), of: request("m")))

    #expect(dialect.spelled(request("m")).output == .plain)
  }

  @Test func theLimitOfTokensGoesUnderTheNameThatTheModelWants() {
    let dialect = Dialect()
    let words = "Unsupported parameter: 'max_tokens'. Use 'max_completion_tokens' instead."
    #expect(dialect.learns(from: refusal(words), of: request("m")))

    let spelled = dialect.spelled(request("m"))
    #expect(spelled.maxTokens == nil && spelled.maxCompletionTokens == 64)
    #expect(!dialect.learns(from: refusal(words), of: spelled), "there is no third name to try")
    #expect(dialect.spelled(request("another")).maxTokens == 64)
  }

  @Test func aRefusalForAnotherReasonTeachesNothing() {
    let dialect = Dialect()

    #expect(!dialect.learns(from: refusal("this model's context is 8192 tokens"), of: request("m")))
    #expect(!dialect.learns(from: refusal("response_format", status: 500), of: request("m")))
    #expect(dialect.spelled(request("m")) == request("m"))
  }

  private final class Clock: Sendable {
    let now = Mutex(Date(timeIntervalSince1970: 1_800_000_000))

    func advance(by seconds: Double) { now.withLock { $0 += seconds } }
  }

  private func withCache(_ body: (EndpointTraitsCache, Clock, Endpoint) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("earshot-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    let clock = Clock()
    let cache = EndpointTraitsCache(folder: folder.path + "/endpoints") { clock.now.withLock { $0 } }
    try body(cache, clock, try Endpoint(baseURL: "https://host/v1", apiKey: "sk-secret-1234567890"))
  }

  @Test func traitsAreKeptForSevenDays() throws {
    try withCache { cache, clock, endpoint in
      #expect(cache.traits(of: endpoint, model: "m") == nil)
      try cache.keep(traits(.enforced, .yes))

      clock.advance(by: EndpointTraitsCache.longestAge - 1)
      #expect(cache.traits(of: endpoint, model: "m")?.traits == traits(.enforced, .yes))
      #expect(cache.traits(of: endpoint, model: "m")?.date == Date(timeIntervalSince1970: 1_800_000_000))
      #expect(cache.traits(of: endpoint, model: "another") == nil)

      clock.advance(by: 1)
      #expect(cache.traits(of: endpoint, model: "m") == nil)
      try cache.keep(traits(.ignored, .yes))
      #expect(cache.traits(of: endpoint, model: "m")?.traits.schema.value == .ignored)
      clock.advance(by: -3600)
      #expect(cache.traits(of: endpoint, model: "m") == nil)
    }
  }

  @Test func aFileThatCannotBeReadCountsAsNone() throws {
    try withCache { cache, _, endpoint in
      try cache.keep(traits(.enforced, .yes))
      let path = cache.path(endpoint.identity, "m")
      let text = try String(contentsOfFile: path, encoding: .utf8)
      let spoilt = [
        "", "{", "null", String(text.dropLast(9)), text.replacing("\"format\" : 1", with: "\"format\" : 2"),
      ]

      for content in spoilt {
        try Data(content.utf8).write(to: URL(fileURLWithPath: path))
        #expect(cache.traits(of: endpoint, model: "m") == nil)
      }
      try Data(text.utf8).write(to: URL(fileURLWithPath: cache.path(endpoint.identity, "another")))
      #expect(cache.traits(of: endpoint, model: "another") == nil)
    }
  }

  @Test func filesAreNamedByHashAndHoldNoKey() throws {
    try withCache { cache, _, endpoint in
      try cache.keep(traits(.enforced, .yes))

      let names = try FileManager.default.contentsOfDirectory(atPath: cache.folder)
      let text = try String(contentsOfFile: cache.folder + "/" + names[0], encoding: .utf8)
      #expect(names.count == 1)
      #expect(names[0].wholeMatch(of: /[0-9a-f]{64}\.json/) != nil)
      #expect(!text.contains("secret"))
      #expect(text.contains("\"date\" : \"2027-01-15T08:00:00Z\""))
    }
  }

  @Test func aFolderThatCannotBeWrittenIsSaid() throws {
    let cache = EndpointTraitsCache(folder: "/dev/null/endpoints")

    let error = #expect(throws: EndpointTraitsCacheError.self) { try cache.keep(traits(.enforced, .yes)) }

    #expect("\(error!)".hasPrefix("/dev/null/endpoints/"))
    #expect("\(error!)".contains("XDG_CACHE_HOME"))
  }

  @Test func theUsualFolderIsTheEnvironments() {
    #expect(EndpointTraitsCache.usualFolder(in: ["XDG_CACHE_HOME": "/c", "HOME": "/h"]) == "/c/earshot/endpoints")
    #expect(EndpointTraitsCache.usualFolder(in: ["HOME": "/h"]) == "/h/.cache/earshot/endpoints")
    #expect(EndpointTraitsCache.usualFolder(in: ["XDG_CACHE_HOME": "relative", "HOME": ""]) == nil)
  }

  @Test func whatIsKnownIsNotAskedAgain() async throws {
    let server = try await ScriptedServer { number, seen in ProbeEndpoint().answer(number, seen) }
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("earshot-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    let cache = EndpointTraitsCache(folder: folder.path)
    let client = ChatClient(endpoint: try Endpoint(baseURL: server.baseURL))
    let deaf = EndpointProbe(client: client, model: "m", audio: false)
    let hearing = EndpointProbe(client: client, model: "m")

    let first = try await deaf.run(cache: cache)
    #expect(first.date == nil && server.seen.count == 5)
    let second = try await deaf.run(cache: cache)
    #expect(second.date != nil && server.seen.count == 5)
    let withAudio = try await hearing.run(cache: cache)
    #expect(withAudio.date == nil && server.seen.count == 12)
    let known = try await deaf.run(cache: cache)
    #expect(known.traits == withAudio.traits && server.seen.count == 12)
    _ = try await deaf.run(cache: cache, again: true)
    #expect(server.seen.count == 17)
    let unkept = try await deaf.run(cache: EndpointTraitsCache(folder: "/dev/null/x"))
    #expect(unkept.problem != nil && unkept.traits.schema.value == .enforced)
    await server.stop()
  }
}
