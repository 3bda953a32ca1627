/// An error in the shape the OpenAI API gives it.
struct APIError: Encodable {
  struct Details: Encodable {
    var message: String
    var type: String
    var param: String?
    var code: String?
  }

  var error: Details

  init(
    _ message: String, type: String = "invalid_request_error", parameter: String? = nil, code: String? = nil
  ) {
    error = Details(message: message, type: type, param: parameter, code: code)
  }

  static let rateLimited = APIError(
    "Rate limit reached. Please try again later.", type: "requests", code: "rate_limit_exceeded")
  static let internalFault = APIError("The server had a fault while answering.", type: "server_error")
  static let overloaded = APIError(
    "The engine is currently overloaded, please try again later.", type: "server_error", code: "overloaded")

  static func bodyTooLong(limit: Int) -> APIError {
    APIError("The request body is longer than \(limit) bytes.")
  }

  static func unknownPath(_ path: String) -> APIError {
    APIError("Unknown path \(path.prefix(200)).", code: "unknown_url")
  }

  static func invalid(_ fault: ChatRequest.Fault) -> APIError {
    switch fault {
    case .notJSON: APIError("The request body is not valid JSON.")
    case .fields(let what): APIError(what)
    }
  }

  static func unsupported(_ message: String, parameter: String) -> APIError {
    APIError(message, parameter: parameter, code: "unsupported_value")
  }

  static func limited(_ refusal: RateMeter.Refusal, model: String) -> APIError {
    let unit = refusal.kind == "requests" ? "requests per min (RPM)" : "tokens per min (TPM)"
    guard let seconds = refusal.seconds else {
      return APIError(
        "Request too large for \(model) on \(unit): Limit \(refusal.limit), Requested \(refusal.asked).",
        type: refusal.kind, code: "rate_limit_exceeded")
    }
    return APIError(
      "Rate limit reached for \(model) on \(unit): Limit \(refusal.limit), Requested \(refusal.asked). "
        + "Please try again in \(DurationText.text(seconds)).",
      type: refusal.kind, code: "rate_limit_exceeded")
  }
}
