import FlyingFox
import Foundation

/// The routes of the stand-in's Batch API.
struct BatchRoutes: Sendable {
  /// What a form may add to the file in it, bytes.
  private static let formBytes = 64 << 10
  /// Longest body that begins a batch, bytes.
  private static let largestBody = 64 << 10

  let book: BatchBook
  /// Bytes.
  let largestFile: Int

  func add(to server: HTTPServer) async {
    await server.appendRoute("POST /v1/files") { request in try await upload(request) }
    await server.appendRoute("GET /v1/files/:id/content") { request in await content(request) }
    await server.appendRoute("GET /v1/files/:id") { request in
      guard let file = await book.file(request.id) else { return .noFile(request.id) }
      return .json(file.description)
    }
    await server.appendRoute("DELETE /v1/files/:id") { request in
      guard await book.removeFile(request.id) else { return .noFile(request.id) }
      return .json(DeletedFile(id: request.id))
    }
    await server.appendRoute("POST /v1/batches/:id/cancel") { request in try await cancel(request) }
    await server.appendRoute("GET /v1/batches/:id") { request in
      guard let batch = await book.poll(request.id) else { return .noBatch(request.id) }
      return .json(batch)
    }
    await server.appendRoute("GET /v1/batches") { request in
      let limit = request.query["limit"].flatMap { Int($0) } ?? 20
      return .json(await book.list(limit: min(max(limit, 1), 100), after: request.query["after"]))
    }
    await server.appendRoute("POST /v1/batches") { request in try await begin(request) }
  }

  private func upload(_ request: HTTPRequest) async throws -> HTTPResponse {
    guard let body = try await request.body(atMost: largestFile + Self.formBytes) else { return tooLarge }
    guard let form = MultipartForm(body, contentType: request.headers[.contentType] ?? "") else {
      return .json(APIError("The body is not multipart/form-data with a boundary."), status: 400)
    }
    guard let file = form.fields["file"] else {
      return .json(APIError("'file' is a required property", parameter: "file"), status: 400)
    }
    let purpose = String(decoding: form.fields["purpose"]?.content ?? Data(), as: UTF8.self)
    guard purpose == "batch" else {
      return .json(APIError("'\(purpose.prefix(50))' is not one of ['batch']", parameter: "purpose"), status: 400)
    }
    guard file.content.count <= largestFile else { return tooLarge }
    return .json(await book.add(file.content, name: file.fileName ?? "batch.jsonl", purpose: purpose))
  }

  private var tooLarge: HTTPResponse {
    .json(APIError("The file is longer than \(largestFile) bytes.", parameter: "file"), status: 413)
  }

  private func content(_ request: HTTPRequest) async -> HTTPResponse {
    guard let file = await book.file(request.id) else { return .noFile(request.id) }
    return HTTPResponse(status: 200, data: file.content, type: "application/octet-stream")
  }

  private struct Order: Decodable {
    var inputFile: String
    var endpoint: String
    var window: String
    var metadata: [String: String]?

    enum CodingKeys: String, CodingKey {
      case endpoint, metadata
      case inputFile = "input_file_id"
      case window = "completion_window"
    }
  }

  private func begin(_ request: HTTPRequest) async throws -> HTTPResponse {
    guard let body = try await request.body(atMost: Self.largestBody),
      let order = try? JSONDecoder().decode(Order.self, from: body)
    else {
      let words = "The body must be JSON with 'input_file_id', 'endpoint' and 'completion_window'."
      return .json(APIError(words), status: 400)
    }
    guard order.endpoint == BatchBook.endpoint else {
      return .json(APIError("Batches are for \(BatchBook.endpoint) only.", parameter: "endpoint"), status: 400)
    }
    guard order.window == "24h" else {
      return .json(APIError("The window must be '24h'.", parameter: "completion_window"), status: 400)
    }
    guard let batch = await book.begin(inputFile: order.inputFile, metadata: order.metadata) else {
      return .noFile(order.inputFile)
    }
    return .json(batch)
  }

  private func cancel(_ request: HTTPRequest) async throws -> HTTPResponse {
    _ = try await request.body(atMost: Self.largestBody)
    let (found, batch) = await book.cancel(request.id)
    guard found else { return .noBatch(request.id) }
    guard let batch else { return .json(APIError("The batch has ended and cannot be cancelled."), status: 409) }
    return .json(batch)
  }
}

extension HTTPRequest {
  /// What stands in place of ":id" in the route.
  fileprivate var id: String { routeParameters["id"] ?? "" }
}

extension HTTPResponse {
  fileprivate static func noFile(_ id: String) -> HTTPResponse {
    .json(APIError("No such File object: \(id.prefix(100))", parameter: "id"), status: 404)
  }

  fileprivate static func noBatch(_ id: String) -> HTTPResponse {
    .json(APIError("No batch found with id '\(id.prefix(100))'.", code: "not_found"), status: 404)
  }
}
