import Testing
import Transfer

@testable import Chat

struct EndpointTests {
  @Test(
    arguments: [
      ("https://API.OpenAI.com/v1", "https://api.openai.com/v1"), ("https://h:443/v1/", "https://h/v1"),
      ("HTTP://h:80", "http://h"), ("http://h:8000//v1//", "http://h:8000/v1"),
      (" http://[::1]:9/v1\n", "http://[::1]:9/v1"),
      ("https://h/V1/chat/completions", "https://h/V1"),
    ])
  func oneAddressHasOneForm(given: String, normalised: String) throws {
    let endpoint = try Endpoint(baseURL: given)

    #expect(endpoint.baseURL == normalised)
    #expect(endpoint.identity == normalised)
  }

  @Test(
    arguments: ["", "api.openai.com/v1", "ftp://h/v1", "https://", "https://me:pw@h/v1", "https://h/v1?key=pw", "/v1"])
  func whatIsNoBaseURLIsRefusedWithoutShowingSecrets(url: String) {
    #expect {
      _ = try Endpoint(baseURL: url)
    } throws: { error in
      guard case ChatError.badBaseURL = error else { return false }
      return !"\(error)".contains("pw")
    }
  }

  @Test func aKeyShowsNowhere() throws {
    let endpoint = try Endpoint(baseURL: "https://h/v1", apiKey: " sk-secret\n", keyVariable: "H_KEY")
    let client = ChatClient(endpoint: endpoint)
    var dumped = ""
    dump(endpoint, to: &dumped)
    dump(client, to: &dumped)

    for text in [
      "\(endpoint)", String(reflecting: endpoint), "\(endpoint.key!)", String(reflecting: endpoint.key!), dumped,
    ] {
      #expect(!text.contains("sk-secret"))
    }
    #expect(endpoint.key?.value == "sk-secret")
  }

  @Test func aKeyThatIsNoneIsRefusedByTheNameOfItsVariable() {
    #expect {
      _ = try Endpoint(baseURL: "https://h/v1", apiKey: "two words", keyVariable: "H_KEY")
    } throws: { error in
      "\(error)".hasPrefix("H_KEY: ") && !"\(error)".contains("two") && (error as? ChatError)?.isAuthentication == true
    }
  }

  @Test func theKeyGoesOutAsABearerToken() async throws {
    let server = try await ScriptedServer(.status(200, goodReply))
    let keyed = try Endpoint(baseURL: server.baseURL, apiKey: "sk-secret")

    _ = try await ChatClient(endpoint: keyed).send(question)
    _ = try await ChatClient(endpoint: try Endpoint(baseURL: server.baseURL, apiKey: "")).send(question)

    #expect(server.seen.map(\.authorization) == ["Bearer sk-secret", nil])
    #expect(server.seen.map(\.path) == ["/v1/chat/completions", "/v1/chat/completions"])
    #expect(server.seen[0].body == String(decoding: question.canonicalBody, as: UTF8.self))
    await server.stop()
  }

  @Test func aRefusedKeyIsNamedByItsVariableAndNeverShown() async throws {
    let server = try await ScriptedServer(.status(401, "Incorrect API key provided: sk-secret."))
    let endpoint = try Endpoint(baseURL: server.baseURL, identity: "h", apiKey: "sk-secret", keyVariable: "H_KEY")
    let keyless = try Endpoint(baseURL: server.baseURL, identity: "h", keyVariable: "H_KEY")

    let refused = await ChatClient(endpoint: endpoint).failure(of: question)
    let missing = await ChatClient(endpoint: keyless).failure(of: question)

    #expect(
      "\(refused!)" == """
        h: the key in H_KEY was refused. Check it (status 401: 'Incorrect API key provided: [hidden].').
        """)
    #expect("\(missing!)".hasPrefix("h: a key is needed, and H_KEY is not set. Set it (status 401"))
    await server.stop()
  }

  @Test func aRedirectNamesTheAddressToUse() async throws {
    let server = try await ScriptedServer(.status(308, "", ["Location": "https://new/v1/chat/completions"]))

    let failure = await ChatClient(endpoint: try Endpoint(baseURL: server.baseURL)).failure(of: question)

    #expect("\(failure!)".contains("'https://new/v1/chat/completions'"))
    await server.stop()
  }

  @Test func theModelsOfAnEndpointAreListed() async throws {
    let server = try await ScriptedServer(.status(200, #"{"object":"list","data":[{"id":"b"},{"id":"a"},{}]}"#))

    let models = try await ChatClient(endpoint: try Endpoint(baseURL: server.baseURL)).models()

    #expect(models == ["b", "a"])
    #expect(server.seen[0].method == "GET")
    #expect(server.seen[0].path == "/v1/models")
    await server.stop()
  }

  @Test func aPageThatIsNoListOfModelsIsNoEndpoint() async throws {
    let server = try await ScriptedServer(.status(200, "<html>Welcome</html>"))
    let client = ChatClient(endpoint: try Endpoint(baseURL: server.baseURL, identity: "h"))

    await #expect {
      _ = try await client.models()
    } throws: { error in
      "\(error)" == "h: /models has no list of models: '<html>Welcome</html>'. Check the base URL; most end in /v1."
    }
    await server.stop()
  }

  @Test func headersThatMatterAreKept() async throws {
    let headers = [
      "X-Request-Id": "r1", "X-RateLimit-Remaining-Requests": "9", "OpenAI-Processing-Ms": "12", "Server": "x",
      "Date": "Sun, 06 Nov 1994 08:49:37 GMT", "Set-Cookie": "c=1",
    ]
    let server = try await ScriptedServer(.status(200, goodReply, headers))

    let response = try await ChatClient(endpoint: try Endpoint(baseURL: server.baseURL)).send(question)

    #expect(
      response.headersJSON == #"""
        {"content-type":"application/json","openai-processing-ms":"12",\#
        "x-ratelimit-remaining-requests":"9","x-request-id":"r1"}
        """#)
    await server.stop()
  }
}
