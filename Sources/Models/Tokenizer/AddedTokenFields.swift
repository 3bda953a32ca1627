/// Reads added tokens as the different files write them.
enum AddedTokenFields {
  /// The list of `tokenizer.json`.
  static func list(_ value: TokenizerJSON, key: String, path: String) throws(TokenizerError) -> [AddedToken] {
    if value == .null { return [] }
    guard case .array(let elements) = value else { throw .wrongValue(path: path, key: key, wanted: "a list") }
    var tokens: [AddedToken] = []
    for element in elements {
      guard case .number(let id)? = element["id"] else {
        throw .wrongValue(path: path, key: "\(key)[\(tokens.count)].id", wanted: "a whole number")
      }
      tokens.append(try token(element, id: id, key: "\(key)[\(tokens.count)]", path: path))
    }
    return tokens
  }

  /// `added_tokens_decoder` of `tokenizer_config.json`: tokens by id.
  static func decoder(_ value: TokenizerJSON, path: String) throws(TokenizerError) -> [AddedToken] {
    let key = "added_tokens_decoder"
    guard case .object(let members) = value else { throw .wrongValue(path: path, key: key, wanted: "an object") }
    var tokens: [AddedToken] = []
    for member in members {
      tokens.append(try token(member.value, id: member.name, key: "\(key).\(member.name)", path: path))
    }
    return tokens
  }

  private static func token(
    _ value: TokenizerJSON, id: String, key: String, path: String
  ) throws(TokenizerError) -> AddedToken {
    guard case .string(let text)? = value["content"], !text.utf8.isEmpty else {
      throw .wrongValue(path: path, key: "\(key).content", wanted: "a token")
    }
    let special = try flag(value, "special", of: key, path: path) ?? false
    return AddedToken(
      id: try TokenizerScanner([], path: path).id(id, of: text), text: text, isSpecial: special,
      isNormalized: try flag(value, "normalized", of: key, path: path) ?? !special,
      isSingleWord: try flag(value, "single_word", of: key, path: path) ?? false,
      stripsLeft: try flag(value, "lstrip", of: key, path: path) ?? false,
      stripsRight: try flag(value, "rstrip", of: key, path: path) ?? false)
  }

  private static func flag(
    _ value: TokenizerJSON, _ name: String, of key: String, path: String
  ) throws(TokenizerError) -> Bool? {
    switch value[name] {
    case nil: return nil
    case .bool(let flag)?: return flag
    default: throw .wrongValue(path: path, key: "\(key).\(name)", wanted: "true or false")
    }
  }
}
