/// One request in the file of a batch.
public enum BatchLine {
  /// The path that OpenAI's Batch API wants in each line, whatever the base URL.
  public static let url = "/v1/chat/completions"

  /// The line, with its end. `body` goes in as it is, so it has to be JSON without line breaks, as canonical JSON is.
  public static func bytes(customID: String, body: [UInt8]) -> [UInt8] {
    var line = Array(#"{"custom_id":"#.utf8)
    line += JSONValue.string(customID).canonicalBytes
    line += #","method":"POST","url":"\#(url)","body":"#.utf8
    line += body
    line += "}\n".utf8
    return line
  }
}

/// What became of one request of a batch: a line of its output or of its errors.
public struct BatchAnswer: Sendable, Equatable {
  public var customID: String
  /// Nil where the request was not worked on.
  public var status: Int?
  /// The response's body, byte for byte; empty where there is none.
  public var body: [UInt8] = []
  /// What the endpoint calls its answer.
  public var requestID: String?
  /// Why there is no response, such as "batch_expired".
  public var code: String?
  public var message: String?
}

extension BatchAnswer {
  /// Reads a line; nil where it is no JSON object with a `custom_id` and either a response or an error.
  public init?(_ line: [UInt8]) {
    guard let members = JSONMembers(line), let customID = members.value("custom_id", in: line)?.stringValue else {
      return nil
    }
    self.customID = customID
    if let range = members["response"], let response = JSONMembers(line, in: range) {
      status = response.value("status_code", in: line)?.intValue ?? 200
      requestID = response.value("request_id", in: line)?.stringValue
      if let range = response["body"] { body = Array(line[range]) }
    }
    let error = members.value("error", in: line)
    code = error?["code"]?.stringValue
    message = error?["message"]?.stringValue
    guard status != nil || (error != nil && error != .null) else { return nil }
  }
}
