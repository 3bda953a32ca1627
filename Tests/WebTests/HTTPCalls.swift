import Foundation
import FoundationNetworking
import Testing

@testable import Web

extension JSONDecoder {
  /// Reads the API's names, which have underscores, into ours.
  static var api: JSONDecoder {
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    return decoder
  }
}

/// What came back from a server.
struct Received {
  var status: Int
  /// By names in lower case.
  var headers: [String: String]
  var body: Data
}

/// The fields of a completion that the tests look at.
struct Reply: Decodable {
  struct Choice: Decodable {
    struct Message: Decodable {
      var role: String
      var content: String?
      var refusal: String?
      var reasoningContent: String?
      var reasoning: String?
    }
    struct LogProbabilities: Decodable {
      struct Token: Decodable {
        struct Candidate: Decodable {
          var token: String
          var logprob: Double
        }
        var token: String
        var logprob: Double
        var bytes: [UInt8]
        var topLogprobs: [Candidate]
      }
      var content: [Token]
    }
    var message: Message
    var finishReason: String
    var logprobs: LogProbabilities?
  }
  struct Usage: Decodable {
    var promptTokens: Int
    var completionTokens: Int
    var totalTokens: Int
  }
  var object: String
  var created: Int
  var model: String
  var choices: [Choice]
  var usage: Usage
}

struct ErrorReply: Decodable {
  struct Details: Decodable {
    var message: String
    var type: String
    var param: String?
    var code: String?
  }
  var error: Details
}

struct Item: Decodable {
  var question: String
  var correct: String
  var distractors: [String]
}

/// The questions in a choice's content.
func items(of choice: Reply.Choice) throws -> [Item] {
  struct Content: Decodable { var items: [Item] }
  return try JSONDecoder().decode(Content.self, from: Data((choice.message.content ?? "").utf8)).items
}

func post(
  _ body: Data, to server: StandInServer, path: String = "chat/completions", type: String = "application/json"
) async throws -> Received {
  var request = URLRequest(url: URL(string: server.baseURL + "/" + path)!)
  request.httpMethod = "POST"
  request.httpBody = body
  request.setValue(type, forHTTPHeaderField: "Content-Type")
  return try await send(request)
}

func get(_ path: String, from server: StandInServer) async throws -> Received {
  try await send(URLRequest(url: URL(string: server.baseURL + "/" + path)!))
}

func delete(_ path: String, from server: StandInServer) async throws -> Received {
  var request = URLRequest(url: URL(string: server.baseURL + "/" + path)!)
  request.httpMethod = "DELETE"
  return try await send(request)
}

func choice(_ answer: Received) throws -> Reply.Choice {
  try #require(try JSONDecoder.api.decode(Reply.self, from: answer.body).choices.first)
}

private func send(_ request: URLRequest) async throws -> Received {
  let (body, response) = try await URLSession.shared.data(for: request)
  let http = response as! HTTPURLResponse
  var headers: [String: String] = [:]
  for (name, value) in http.allHeaderFields { headers["\(name)".lowercased()] = "\(value)" }
  return Received(status: http.statusCode, headers: headers, body: body)
}
