import Foundation

/// A file that was uploaded, or that a batch wrote.
struct StoredFile: Sendable {
  var id: String
  var name: String
  /// "batch" or "batch_output".
  var purpose: String
  /// Seconds since 1970.
  var created: Int
  var content: Data

  /// As the API shows it.
  var description: FileObject {
    FileObject(id: id, bytes: content.count, createdAt: created, filename: name, purpose: purpose)
  }
}

struct FileObject: Encodable {
  var id: String
  var object = "file"
  var bytes: Int
  var createdAt: Int
  var filename: String
  var purpose: String
  var status = "processed"

  enum CodingKeys: String, CodingKey {
    case id, object, bytes, filename, purpose, status
    case createdAt = "created_at"
  }
}

/// The answer to a deletion.
struct DeletedFile: Encodable {
  var id: String
  var object = "file"
  var deleted = true
}
