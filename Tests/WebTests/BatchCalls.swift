import Foundation
import Testing

@testable import Web

/// The fields of a batch that the tests look at.
struct BatchReply: Decodable {
  struct Counts: Decodable, Equatable {
    var total: Int
    var completed: Int
    var failed: Int
  }
  struct Errors: Decodable {
    var data: [BatchProblem]
  }
  struct BatchProblem: Decodable {
    var code: String
    var line: Int?
  }
  var id: String
  var object: String
  var status: String
  var errors: Errors?
  var outputFileId: String?
  var errorFileId: String?
  var createdAt: Int
  var expiresAt: Int
  var completedAt: Int?
  var requestCounts: Counts
  var metadata: [String: String]?
}

struct FileReply: Decodable {
  var id: String
  var object: String
  var bytes: Int
  var filename: String
  var purpose: String
}

/// A line of a batch's output or errors.
struct BatchLine: Decodable {
  struct Response: Decodable {
    struct Body: Decodable {
      var choices: [Reply.Choice]?
      var error: ErrorReply.Details?
    }
    var statusCode: Int
    var body: Body
  }
  struct Failure: Decodable {
    var code: String
  }
  var customId: String
  var response: Response?
  var error: Failure?
}

/// A server's Batch API, as a client sees it.
struct BatchClient {
  var server: StandInServer

  func upload(_ file: Data, purpose: String = "batch") async throws -> Received {
    let mark = "----mark\(file.count)"
    var form = Data("--\(mark)\r\nContent-Disposition: form-data; name=\"purpose\"\r\n\r\n\(purpose)\r\n".utf8)
    form += Data("--\(mark)\r\nContent-Disposition: form-data; name=\"file\"; filename=\"set.jsonl\"\r\n".utf8)
    form += Data("Content-Type: application/jsonl\r\n\r\n".utf8) + file + Data("\r\n--\(mark)--\r\n".utf8)
    return try await post(form, to: server, path: "files", type: "multipart/form-data; boundary=\(mark)")
  }

  func create(_ file: String, endpoint: String = "/v1/chat/completions", window: String = "24h") async throws
    -> Received
  {
    let body =
      #"{"input_file_id":"\#(file)","endpoint":"\#(endpoint)","completion_window":"\#(window)","metadata":{"run":"a"}}"#
    return try await post(Data(body.utf8), to: server, path: "batches")
  }

  /// Uploads the file and begins its batch.
  func begin(_ file: Data) async throws -> BatchReply {
    let uploaded = try JSONDecoder.api.decode(FileReply.self, from: try await upload(file).body)
    return try decode(try await create(uploaded.id))
  }

  func poll(_ id: String) async throws -> BatchReply {
    try decode(try await get("batches/\(id)", from: server))
  }

  func cancel(_ id: String) async throws -> Received {
    try await post(Data(), to: server, path: "batches/\(id)/cancel")
  }

  func lines(_ file: String?) async throws -> [BatchLine] {
    guard let file else { return [] }
    let content = try await get("files/\(file)/content", from: server).body
    return try content.split(separator: UInt8(ascii: "\n")).map { try JSONDecoder.api.decode(BatchLine.self, from: $0) }
  }

  func decode(_ answer: Received) throws -> BatchReply {
    #expect(answer.status == 200, "\(String(decoding: answer.body, as: UTF8.self))")
    return try JSONDecoder.api.decode(BatchReply.self, from: answer.body)
  }
}

/// The file of a batch of these bodies; their ids are "q0", "q1" and so on.
func batchFile(_ bodies: [Data], url: String = "/v1/chat/completions") -> Data {
  bodies.enumerated().reduce(into: Data()) { file, item in
    file += Data(#"{"custom_id":"q\#(item.offset)","method":"POST","url":"\#(url)","body":"#.utf8) + item.element
    file += Data("}\n".utf8)
  }
}
