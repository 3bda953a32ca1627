/// Why a tokenizer could not be read, trained or written.
public enum TokenizerError: Error, Equatable, Sendable {
  case missing(folder: String)
  case unreadable(path: String, reason: String)
  case tooLarge(path: String, bytes: Int)
  /// `offset` counts bytes from the start of the file; nil where the file ends inside a value.
  case notJSON(path: String, offset: Int?, reason: String)
  case notUTF8(path: String)
  /// The value at `key` is not what it has to be: `wanted`.
  case wrongValue(path: String, key: String, wanted: String)
  case missingKey(path: String, key: String)
  case repeatedKey(path: String, key: String)
  /// Something tokenizers can do and Qwen's do not.
  case unsupported(path: String, key: String, value: String, supported: String)
  case repeatedToken(path: String, token: String)
  case repeatedID(path: String, id: Int, tokens: [String])
  case idOutOfRange(path: String, token: String, id: String)
  case hole(path: String, id: Int)
  case missingByte(path: String, byte: UInt8)
  /// `number` counts the merges from 1.
  case malformedMerge(path: String, number: Int)
  case unknownInMerge(path: String, number: Int, token: String)
  case contradiction(path: String, token: String, ids: [Int])
  case vocabularyTooSmall(size: Int, least: Int)
  case unusableSpecialToken(String)
  case notWritten(path: String, reason: String)
}

extension TokenizerError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .missing(let folder):
      "\(folder): no tokenizer.json, and no vocab.json with merges.txt. Copy the tokenizer's files into the folder."
    case .vocabularyTooSmall(let size, let least):
      "a vocabulary of \(size) tokens: too small for the 256 bytes and the special tokens. Ask for \(least) or more."
    case .unusableSpecialToken(let token):
      "special token '\(Self.line(token))': empty, or named twice. Name each once."
    case .notWritten(let path, let reason): "\(path): cannot be written: \(reason)."
    default: "\(path): \(complaint) \(cure)"
    }
  }

  private var cure: String {
    switch self {
    case .unreadable: "Check the path and the permissions."
    case .unsupported(_, _, _, let supported): "Only \(supported) is read, as Qwen's tokenizers have it."
    default: "Copy the file again from where the model comes from."
    }
  }

  private var path: String {
    switch self {
    case .unreadable(let path, _), .tooLarge(let path, _), .notJSON(let path, _, _), .notUTF8(let path),
      .wrongValue(let path, _, _), .missingKey(let path, _), .repeatedKey(let path, _),
      .unsupported(let path, _, _, _), .repeatedToken(let path, _), .repeatedID(let path, _, _),
      .idOutOfRange(let path, _, _), .hole(let path, _), .missingByte(let path, _), .malformedMerge(let path, _),
      .unknownInMerge(let path, _, _), .contradiction(let path, _, _), .notWritten(let path, _):
      path
    case .missing(let folder): folder
    case .vocabularyTooSmall, .unusableSpecialToken: "tokenizer"
    }
  }

  private var complaint: String {
    switch self {
    case .unreadable(_, let reason): "cannot be read: \(reason)."
    case .tooLarge(_, let bytes): "\(bytes) bytes, more than any tokenizer has."
    case .notJSON(_, let offset?, let reason): "byte \(offset): \(reason)."
    case .notJSON(_, nil, let reason): "\(reason)."
    case .notUTF8: "not UTF-8."
    case .wrongValue(_, let key, let wanted): "'\(Self.line(key))' has to be \(wanted)."
    case .missingKey(_, let key): "'\(key)' is missing."
    case .repeatedKey(_, let key): "'\(Self.line(key))' stands there twice."
    case .unsupported(_, let key, let value, _): "'\(key)' is '\(Self.line(value))'."
    case .repeatedToken(_, let token): "token '\(Self.line(token))' stands there twice."
    case .repeatedID(_, let id, let tokens):
      "id \(id) belongs to " + tokens.map { "'\(Self.line($0))'" }.joined(separator: " and ") + "."
    case .idOutOfRange(_, let token, let id):
      "token '\(Self.line(token))' has the id \(Self.line(id)); 0 to \(Tokenizer.largestID) are possible."
    case .hole(_, let id): "no token has the id \(id), though later ids are used."
    case .missingByte(_, let byte): "no token stands for byte \(byte), so not every text can be written."
    case .malformedMerge(_, let number): "merge \(number) is not a pair of tokens."
    case .unknownInMerge(_, let number, let token):
      "merge \(number) needs the token '\(Self.line(token))', which the vocabulary does not have."
    case .contradiction(_, let token, let ids):
      "token '\(Self.line(token))' has the ids \(ids.map(String.init).joined(separator: " and "))."
    case .missing, .vocabularyTooSmall, .unusableSpecialToken, .notWritten: ""
    }
  }

  /// Text of a file on one line, and no more of it than a line has room for.
  private static func line(_ text: String) -> String {
    let shown = text.unicodeScalars.prefix(60).map { scalar in
      switch scalar.properties.generalCategory {
      case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .surrogate, .unassigned:
        "\\u{\(String(scalar.value, radix: 16))}"
      default: String(scalar)
      }
    }
    return shown.joined() + (text.unicodeScalars.count > 60 ? "…" : "")
  }
}
