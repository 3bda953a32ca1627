import FlyingFox
import Foundation

/// The routes of the stand-in server.
struct StandInRoutes: Sendable {
  /// Longest body that is read, bytes.
  static let largestBody = 8 << 20

  let faults: StandInFaults
  let ledger: RequestLedger

  func add(to server: HTTPServer) async {
    await server.appendRoute("POST /v1/chat/completions") { request in try await complete(request) }
    await server.appendRoute("GET /v1/models") { _ in .json(ModelList.standIn) }
    await server.appendRoute("GET /v1/stats") { _ in .json(await ledger.statistics) }
    await server.appendRoute("*") { request in
      _ = try await readBody(of: request)
      return .json(APIError.unknownPath(request.path), status: .notFound)
    }
  }

  private func complete(_ request: HTTPRequest) async throws -> HTTPResponse {
    guard let body = try await readBody(of: request) else {
      await ledger.settle(body: 0, status: 400, fault: nil, usage: nil)
      return .json(APIError.bodyTooLong(limit: Self.largestBody), status: .badRequest)
    }
    let hash = StableHash.of(Array(body))
    let asked: ChatRequest
    do {
      asked = try ChatRequest(body: body)
    } catch {
      await ledger.settle(body: hash, status: 400, fault: nil, usage: nil)
      return .json(APIError.invalid(error), status: .badRequest)
    }
    let fault = faults.fault(body: hash, earlier: await ledger.arrival(of: hash))
    let seconds = faults.seconds(body: hash, fault: fault)
    if seconds > 0 { try await Task.sleep(for: .seconds(seconds)) }
    return await answer(asked, body: hash, bytes: body.count, fault: fault)
  }

  private func answer(_ asked: ChatRequest, body: UInt64, bytes: Int, fault: Fault?) async -> HTTPResponse {
    switch fault {
    case .rateLimited:
      await ledger.settle(body: body, status: 429, fault: fault, usage: nil)
      var response = HTTPResponse.json(APIError.rateLimited, status: .tooManyRequests)
      response.headers[HTTPHeader("Retry-After")] = String(faults.retryAfterSeconds)
      return response
    case .serverError:
      await ledger.settle(body: body, status: 500, fault: fault, usage: nil)
      return .json(APIError.internalFault, status: .internalServerError)
    default:
      let completion = ChatCompletion(answering: asked, body: body, bytes: bytes, fault: fault)
      await ledger.settle(body: body, status: 200, fault: fault, usage: completion.usage)
      return .json(completion, cutOff: fault == .cutOff)
    }
  }

  /// The whole body, or `nil` where it is too long; it is then read to its end and dropped, so that the connection
  /// stays usable for the answer.
  private func readBody(of request: HTTPRequest) async throws -> Data? {
    var body = Data()
    var length = 0
    for try await chunk in request.bodySequence {
      length += chunk.count
      if length <= Self.largestBody { body.append(chunk) }
    }
    return length <= Self.largestBody ? body : nil
  }
}

extension HTTPResponse {
  /// `value` as JSON with sorted keys.
  fileprivate static func json(
    _ value: some Encodable, status: HTTPStatusCode = .ok, cutOff: Bool = false
  ) -> HTTPResponse {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    guard let data = try? encoder.encode(value) else { return HTTPResponse(statusCode: .internalServerError) }
    let body = cutOff ? HTTPBodySequence.cutOff(Array(data)) : HTTPBodySequence(data: data)
    return HTTPResponse(statusCode: status, headers: [.contentType: "application/json"], body: body)
  }
}
