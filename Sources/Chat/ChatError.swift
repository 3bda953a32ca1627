public import Transfer

/// How one attempt ended without an answer.
public enum AttemptFailure: Error, Equatable, Sendable, CustomStringConvertible {
  case transfer(TransferError)
  case status(Int, excerpt: String)

  public var description: String {
    switch self {
    case .transfer(let error): "\(error)"
    case .status(let status, let excerpt): excerpt.isEmpty ? "status \(status)" : "status \(status): \(excerpt)"
    }
  }
}

/// Why a request has no answer. `endpoint` is the endpoint's identity.
public enum ChatError: Error, Sendable {
  case badBaseURL(String, reason: String)
  /// The key has a character that no key has.
  case badKey(variable: String?)
  /// 401 or 403.
  case unauthorised(endpoint: String, status: Int, variable: String?, hasKey: Bool, excerpt: String)
  /// A status that asking again would not change.
  case rejected(endpoint: String, status: Int, excerpt: String)
  case redirected(endpoint: String, status: Int, location: String)
  case outOfQuota(endpoint: String, excerpt: String)
  /// The endpoint asks to wait longer than is reasonable.
  case pauseTooLong(endpoint: String, seconds: Double)
  /// Every attempt failed, the last one so.
  case exhausted(endpoint: String, attempts: Int, last: AttemptFailure)
  /// Every request failed for so many seconds, the last one so.
  case unanswered(endpoint: String, seconds: Double, last: String)
  /// No attempt got a connection.
  case unreachable(endpoint: String, attempts: Int, TransferError)
  /// A transfer ended in a way that asking again would not change.
  case transfer(endpoint: String, TransferError)
  /// An answer to `models()` that is no list of models.
  case noModelList(endpoint: String, excerpt: String)
  /// The endpoint does not know files or batches.
  case noBatchAPI(endpoint: String, status: Int, excerpt: String)
  /// An answer about a file or a batch that tells nothing of it.
  case badBatchReply(endpoint: String, excerpt: String)
  case cancelled
  /// The caller's `onAttempt` threw this, so the request was not sent.
  case notRecorded(any Error)
}

extension ChatError {
  /// Whether the endpoint as a whole is out of reach or refuses to work (exit code 69), rather than one request of it.
  public var isUnreachable: Bool {
    switch self {
    case .unreachable, .exhausted, .unanswered, .outOfQuota, .pauseTooLong, .redirected, .noModelList,
      .noBatchAPI, .badBatchReply:
      true
    case .rejected(_, let status, _): status == 404
    default: false
    }
  }

  /// Whether the key is missing or refused (exit code 77).
  public var isAuthentication: Bool {
    switch self {
    case .unauthorised, .badKey: true
    default: false
    }
  }
}

extension ChatError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .badBaseURL(let url, let reason):
      "'\(url)': \(reason). Write the base URL as https://host/v1; a key goes into an environment variable."
    case .badKey(let variable):
      "\(variable ?? "the endpoint's key"): holds a space or another character that no key has. Set it again."
    case .unauthorised(let endpoint, let status, let variable, let hasKey, let excerpt):
      "\(endpoint): \(Self.keyTrouble(variable, hasKey: hasKey)) (status \(status)\(Self.quoting(excerpt)))."
    case .rejected(let endpoint, let status, let excerpt):
      "\(endpoint): the request was refused with status \(status)\(Self.quoting(excerpt))."
    case .redirected(let endpoint, let status, let location):
      "\(endpoint): redirects elsewhere (status \(status)). Use the address it names as the base URL: '\(location)'."
    case .outOfQuota(let endpoint, let excerpt):
      "\(endpoint): the account's quota is used up\(Self.quoting(excerpt)). Add to it, then run the same command again."
    case .pauseTooLong(let endpoint, let seconds):
      "\(endpoint): asks to wait \(Int(clamping: seconds)) seconds. Run the same command again after that."
    case .exhausted(let endpoint, let attempts, let last):
      "\(endpoint): no answer after \(Self.counted(attempts)); the last: \(last)"
    case .unanswered(let endpoint, let seconds, let last):
      """
      \(endpoint): everything failed for \(Int(clamping: seconds)) seconds; the last: \(last). Run the same command \
      again once it works.
      """
    case .unreachable(let endpoint, let attempts, let error):
      "\(endpoint): out of reach after \(Self.counted(attempts)): \(error)"
    case .transfer(let endpoint, let error):
      "\(endpoint): \(error)"
    case .noModelList(let endpoint, let excerpt):
      "\(endpoint): /models has no list of models\(Self.quoting(excerpt)). Check the base URL; most end in /v1."
    case .noBatchAPI(let endpoint, let status, let excerpt):
      "\(endpoint): has no Batch API (status \(status)\(Self.quoting(excerpt))). Leave 'batch' out to ask it directly."
    case .badBatchReply(let endpoint, let excerpt):
      "\(endpoint): its answer is none of a Batch API\(Self.quoting(excerpt)). Check the base URL; most end in /v1."
    case .cancelled:
      "cancelled"
    case .notRecorded(let error):
      "\(error)"
    }
  }

  private static func keyTrouble(_ variable: String?, hasKey: Bool) -> String {
    switch (variable, hasKey) {
    case (let variable?, true): "the key in \(variable) was refused. Check it"
    case (let variable?, false): "a key is needed, and \(variable) is not set. Set it"
    case (nil, true): "the key was refused. Check it"
    case (nil, false): "a key is needed. Name the environment variable that holds it"
    }
  }

  private static func quoting(_ excerpt: String) -> String { excerpt.isEmpty ? "" : ": '\(excerpt)'" }

  private static func counted(_ attempts: Int) -> String { attempts == 1 ? "1 attempt" : "\(attempts) attempts" }
}

extension Int {
  init(clamping seconds: Double) {
    self = seconds.isFinite ? Int(Swift.min(Swift.max(seconds, 0), 1e15)) : 0
  }
}
