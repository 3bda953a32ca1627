/// How a batch stands at its endpoint, as `GET /batches/ID` tells it.
public struct BatchStatus: Sendable, Equatable {
  public enum State: String, Sendable {
    case validating, failed, finalizing, completed, expired, cancelling, cancelled
    case inProgress = "in_progress"

    /// Whether nothing comes after it.
    public var isLast: Bool {
      switch self {
      case .failed, .completed, .expired, .cancelled: true
      case .validating, .inProgress, .finalizing, .cancelling: false
      }
    }
  }

  /// Something that the endpoint has against the file as a whole.
  public struct Problem: Sendable, Equatable {
    public var code: String
    public var message: String
    /// Of the file, from 1; nil where it is the whole file's.
    public var line: Int?
  }

  public var id: String
  /// A state that is not known counts as under way.
  public var state: State
  public var inputFile: String?
  /// Where the answers are, once there are any; and those to requests that failed.
  public var outputFile: String?
  public var errorFile: String?
  /// Requests, and how many of them came to which end so far.
  public var total: Int
  public var completed: Int
  public var failed: Int
  public var problems: [Problem]
  /// Seconds since 1970.
  public var created: Int?
  /// What the batch was marked with when it was made; see ``BatchClient/create(file:tag:mayExist:)``.
  public var tag: String?
  /// Seconds until the next question is welcome, where the endpoint says so.
  public var retryAfter: Double?
}

extension BatchStatus {
  /// The name in a batch's metadata under which its tag stands.
  static let tagName = "earshot_batch"

  /// Reads a batch object; nil where it has no id or no state.
  init?(_ json: JSONValue) {
    guard let id = json["id"]?.stringValue, !id.isEmpty, let state = json["status"]?.stringValue else { return nil }
    self.id = id
    // Some servers write states in capitals, or with one l.
    let word = state.lowercased()
    self.state = word == "canceled" ? .cancelled : State(rawValue: word) ?? .inProgress
    inputFile = Self.file(json["input_file_id"])
    outputFile = Self.file(json["output_file_id"])
    errorFile = Self.file(json["error_file_id"])
    let counts = json["request_counts"]
    total = counts?["total"]?.intValue ?? 0
    completed = counts?["completed"]?.intValue ?? 0
    failed = counts?["failed"]?.intValue ?? 0
    problems = (json["errors"]?["data"]?.arrayValue ?? []).map { problem in
      Problem(
        code: problem["code"]?.stringValue ?? "", message: problem["message"]?.stringValue ?? "",
        line: problem["line"]?.intValue)
    }
    created = json["created_at"]?.intValue
    tag = json["metadata"]?[Self.tagName]?.stringValue
  }

  private static func file(_ value: JSONValue?) -> String? {
    value?.stringValue.flatMap { $0.isEmpty ? nil : $0 }
  }

  /// Whether the batch failed because it, or it beside others, is more than the endpoint takes at a time.
  public var isTooMuch: Bool {
    state == .failed
      && problems.contains { ["token_limit_exceeded", "too_many_tasks", "request_limit_exceeded"].contains($0.code) }
  }
}
