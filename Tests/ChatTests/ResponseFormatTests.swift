import Synchronization
import Testing
import Transfer

@testable import Chat

struct ResponseFormatTests {
  private static let complaint = #"{"error":{"message":"Unsupported value: 'response_format' of type 'json_schema'"}}"#

  @Test func anEndpointThatRefusesSchemasIsAskedForAnObject() async throws {
    let server = try await ScriptedServer { _, request in
      request.body.contains("json_schema") ? .status(400, Self.complaint) : .status(200, goodReply)
    }
    let client = ChatClient(endpoint: try Endpoint(baseURL: server.baseURL))

    let first = try await client.send(structuredQuestion)
    let second = try await client.send(structuredQuestion)

    #expect(first.output == .jsonObject)
    #expect(first.attempts == 2)
    #expect(String(decoding: first.requestBody, as: UTF8.self) == server.seen[1].body)
    #expect(server.seen[1].body.contains(#""response_format":{"type":"json_object"}"#))
    #expect(second.output == .jsonObject)
    #expect(second.attempts == 1)
    await server.stop()
  }

  @Test func anEndpointThatRefusesBothIsAskedPlainly() async throws {
    let server = try await ScriptedServer { _, request in
      request.body.contains("response_format") ? .status(422, Self.complaint) : .status(200, goodReply)
    }
    let client = ChatClient(endpoint: try Endpoint(baseURL: server.baseURL))
    let happenings = Mutex<[StructuredOutput]>([])

    let response = try await client.send(structuredQuestion) { event in
      if event.happening == .sending { happenings.withLock { $0.append(event.output) } }
    }

    #expect(response.output == .plain)
    #expect(happenings.withLock { $0 } == [.jsonSchema, .jsonObject, .plain])
    await server.stop()
  }

  @Test func anotherModelOfTheEndpointIsStillAskedStrictly() async throws {
    let server = try await ScriptedServer { _, request in
      request.body.contains(#""model":"old""#) && request.body.contains("json_schema")
        ? .status(400, Self.complaint) : .status(200, goodReply)
    }
    let client = ChatClient(endpoint: try Endpoint(baseURL: server.baseURL))
    var old = structuredQuestion
    old.model = "old"

    let loose = try await client.send(old)
    let strict = try await client.send(structuredQuestion)

    #expect(loose.output == .jsonObject)
    #expect(strict.output == .jsonSchema)
    await server.stop()
  }

  @Test func aRequestRefusedForAnotherReasonIsNotMadeAgain() async throws {
    let server = try await ScriptedServer(.status(400, #"{"error":{"message":"maximum context length exceeded"}}"#))
    let client = ChatClient(endpoint: try Endpoint(baseURL: server.baseURL))

    let failure = await client.failure(of: structuredQuestion)

    #expect(server.seen.count == 1)
    #expect("\(failure!)".contains("maximum context length exceeded"))
    await server.stop()
  }

  @Test func manyRequestsAtOnceStepDownTogether() async throws {
    let server = try await ScriptedServer { _, request in
      request.body.contains("json_schema") ? .status(400, Self.complaint) : .status(200, goodReply)
    }
    let client = ChatClient(endpoint: try Endpoint(baseURL: server.baseURL, concurrency: 16))

    let outputs = try await withThrowingTaskGroup(of: StructuredOutput.self) { group in
      for _ in 0..<16 { group.addTask { try await client.send(structuredQuestion).output } }
      return try await group.reduce(into: []) { $0.append($1) }
    }

    #expect(outputs == Array(repeating: .jsonObject, count: 16))
    await server.stop()
  }
}
