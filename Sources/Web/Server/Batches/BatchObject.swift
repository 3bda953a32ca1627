/// A batch as the API shows it.
struct BatchObject: Encodable {
  struct Counts: Encodable, Sendable {
    var total: Int
    var completed: Int
    var failed: Int
  }

  struct Errors: Encodable {
    var object = "list"
    var data: [BatchInput.Problem]
  }

  var id: String
  var endpoint: String
  var window: String
  var inputFile: String
  var status: BatchState.Status
  var times: [BatchState.Status: Int]
  var problems: [BatchInput.Problem]
  var outputFile: String?
  var errorFile: String?
  var counts: Counts
  var metadata: [String: String]?

  private enum Key: String, CodingKey {
    case id, object, endpoint, errors, status, metadata
    case inputFile = "input_file_id"
    case window = "completion_window"
    case outputFile = "output_file_id"
    case errorFile = "error_file_id"
    case created = "created_at"
    case started = "in_progress_at"
    case expires = "expires_at"
    case finalizing = "finalizing_at"
    case completed = "completed_at"
    case failed = "failed_at"
    case expired = "expired_at"
    case cancelling = "cancelling_at"
    case cancelled = "cancelled_at"
    case counts = "request_counts"
  }

  private static let windowSeconds = 86_400

  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    try container.encode(id, forKey: .id)
    try container.encode("batch", forKey: .object)
    try container.encode(endpoint, forKey: .endpoint)
    // The API writes an explicit null for what is not there.
    try container.encode(problems.isEmpty ? nil : Errors(data: problems), forKey: .errors)
    try container.encode(inputFile, forKey: .inputFile)
    try container.encode(window, forKey: .window)
    try container.encode(status.rawValue, forKey: .status)
    try container.encode(outputFile, forKey: .outputFile)
    try container.encode(errorFile, forKey: .errorFile)
    try container.encode(times[.validating], forKey: .created)
    try container.encode(times[.validating].map { $0 + Self.windowSeconds }, forKey: .expires)
    let moments: [(BatchState.Status, Key)] = [
      (.inProgress, .started), (.finalizing, .finalizing), (.completed, .completed), (.failed, .failed),
      (.expired, .expired), (.cancelling, .cancelling), (.cancelled, .cancelled),
    ]
    for (status, key) in moments { try container.encode(times[status], forKey: key) }
    try container.encode(counts, forKey: .counts)
    try container.encode(metadata, forKey: .metadata)
  }
}

/// The answer of `GET /v1/batches`.
struct BatchList: Encodable {
  var object = "list"
  var data: [BatchObject]
  var firstID: String?
  var lastID: String?
  var hasMore: Bool

  enum CodingKeys: String, CodingKey {
    case object, data
    case firstID = "first_id"
    case lastID = "last_id"
    case hasMore = "has_more"
  }
}
