import Foundation

/// The requests in a batch's file.
struct BatchInput: Sendable {
  struct Item: Sendable {
    var customID: String
    /// As it stands in the file, byte for byte, so that it is answered as it would be alone.
    var body: Data
  }

  /// Why a batch fails as a whole, as `errors.data` has it.
  struct Problem: Encodable, Sendable, Equatable, Error {
    var code: String
    var message: String
    var param: String?
    /// From 1; nil where it is the file's.
    var line: Int?
  }

  var items: [Item] = []
  var problems: [Problem] = []

  /// Problems told of one file, at most.
  private static let mostProblems = 100

  /// Reads JSON lines, all of them for `endpoint`.
  init(_ file: Data, endpoint: String, mostRequests: Int) {
    var reader = BatchLineReader(endpoint: endpoint)
    for (index, line) in file.split(separator: UInt8(ascii: "\n")).enumerated() {
      guard items.count < mostRequests else {
        problems = [.tooMany(mostRequests)]
        return
      }
      do throws(Problem) {
        items.append(try reader.item(line))
      } catch {
        guard problems.count < Self.mostProblems else { return }
        var problem = error
        problem.line = index + 1
        problems.append(problem)
      }
    }
    if items.isEmpty, problems.isEmpty { problems = [.empty] }
  }
}

extension BatchInput.Problem {
  static let empty = Self(code: "empty_file", message: "The batch input file is empty.")
  fileprivate static let notJSON = Self(
    code: "invalid_json_line", message: "This line is not parseable as valid JSON.")
  fileprivate static let duplicate = Self(
    code: "duplicate_custom_id",
    message: "The custom_id of this request was already used. It must be unique within a batch.", param: "custom_id")
  fileprivate static let otherModel = Self(
    code: "model_mismatch", message: "The model does not match that of the other requests of the batch.",
    param: "body.model")
  fileprivate static let otherMethod = Self(
    code: "invalid_method", message: "The method must be POST.", param: "method")

  static func tooMany(_ most: Int) -> Self {
    Self(code: "too_many_tasks", message: "The batch input file contains more than the \(most) requests allowed.")
  }

  fileprivate static func missing(_ name: String) -> Self {
    Self(code: "missing_required_parameter", message: "Missing required parameter: '\(name)'.", param: name)
  }

  fileprivate static func otherURL(_ endpoint: String) -> Self {
    Self(
      code: "url_mismatch", message: "The url does not match the endpoint of the batch, \(endpoint).", param: "url")
  }
}

/// Reads the lines of one file, each in the light of those before it.
private struct BatchLineReader {
  private struct Line: Decodable {
    struct Body: Decodable {
      var model: String?
    }

    var customID: String?
    var method: String?
    var url: String?
    var body: Body?

    enum CodingKeys: String, CodingKey {
      case method, url, body
      case customID = "custom_id"
    }
  }

  let endpoint: String
  private var seen: Set<String> = []
  private var model: String?

  init(endpoint: String) {
    self.endpoint = endpoint
  }

  mutating func item(_ line: Data) throws(BatchInput.Problem) -> BatchInput.Item {
    guard let read = try? JSONDecoder().decode(Line.self, from: line) else { throw .notJSON }
    guard let customID = read.customID, !customID.isEmpty else { throw .missing("custom_id") }
    guard let body = read.body, let range = JSONMembers.ranges(in: line)["body"] else { throw .missing("body") }
    guard read.method == "POST" else { throw .otherMethod }
    guard read.url == endpoint else { throw .otherURL(endpoint) }
    guard seen.insert(customID).inserted else { throw .duplicate }
    guard body.model == nil || model == nil || body.model == model else { throw .otherModel }
    model = model ?? body.model
    return BatchInput.Item(customID: customID, body: Data(line[range]))
  }
}
