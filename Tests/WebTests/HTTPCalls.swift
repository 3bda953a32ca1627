import Foundation
import FoundationNetworking

@testable import Web

/// What came back from a server.
struct Answer {
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
    }
    var message: Message
    var finish_reason: String
  }
  struct Usage: Decodable {
    var prompt_tokens: Int
    var completion_tokens: Int
    var total_tokens: Int
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

func post(_ body: Data, to server: StandInServer) async throws -> Answer {
  var request = URLRequest(url: URL(string: server.baseURL + "/chat/completions")!)
  request.httpMethod = "POST"
  request.httpBody = body
  request.setValue("application/json", forHTTPHeaderField: "Content-Type")
  return try await send(request)
}

func get(_ path: String, from server: StandInServer) async throws -> Answer {
  try await send(URLRequest(url: URL(string: server.baseURL + "/" + path)!))
}

private func send(_ request: URLRequest) async throws -> Answer {
  let (body, response) = try await URLSession.shared.data(for: request)
  let http = response as! HTTPURLResponse
  var headers: [String: String] = [:]
  for (name, value) in http.allHeaderFields { headers["\(name)".lowercased()] = "\(value)" }
  return Answer(status: http.statusCode, headers: headers, body: body)
}
