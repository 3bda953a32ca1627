public import Transfer

/// An answer with status 2xx, as it came.
public struct RawResponse: Sendable {
  public let status: Int
  /// Only those that matter later: content type, request id, rate limits, processing time.
  public let headers: HTTPHeaders
  public let body: [UInt8]
  /// From the start of the attempt that was answered to its last byte.
  public let seconds: Double
  /// How many attempts it took: the number of the one that was answered.
  public let attempts: Int
  /// What the answered attempt asked for, which may be less than the request did.
  public let output: StructuredOutput
  /// The body that was answered; equal to the request's `canonicalBody` unless `output` is weaker.
  public let requestBody: [UInt8]

  /// `headers` as one canonical JSON object; fields of one name are joined by commas.
  public var headersJSON: String {
    let pairs = headers.fields.map { ($0.name.lowercased(), $0.value) }
    let joined = Dictionary(pairs) { "\($0), \($1)" }
    return JSONValue.object(joined.mapValues(JSONValue.string)).canonicalText
  }

  static func mattering(_ headers: HTTPHeaders) -> HTTPHeaders {
    let names: Set = ["content-type", "x-request-id", "openai-processing-ms"]
    return HTTPHeaders(
      headers.fields.filter { field in
        let name = field.name.lowercased()
        return names.contains(name) || name.hasPrefix("x-ratelimit-") || name.hasPrefix("retry-after")
      })
  }
}
