extension ChatTemplate {
  /// What Qwen2.5's text models have where Qwen2's have ``defaultSystemText``.
  static let laterSystemText = "You are Qwen, created by Alibaba Cloud. You are a helpful assistant."

  /// The template of a model's folder: that of its architecture, with the default system text of the template that
  /// lies there.
  ///
  /// The template itself is a program in Jinja and is not run; which of the known default texts it holds is looked
  /// up. Reads `chat_template.jinja`, else `chat_template.json`, else `tokenizer_config.json`; any of them may be
  /// missing.
  public init(architecture: ModelArchitecture, folder: String) throws(TokenizerError) {
    self.init(architecture: architecture)
    if let template = try Self.template(TokenizerFiles(folder: folder)), template.contains(Self.laterSystemText) {
      systemText = Self.laterSystemText
    }
  }

  private static func template(_ files: TokenizerFiles) throws(TokenizerError) -> String? {
    if let path = files.path("chat_template.jinja") {
      guard let text = String(validating: try TokenizerFiles.bytes(of: path), as: UTF8.self) else {
        throw .notUTF8(path: path)
      }
      return text
    }
    for name in ["chat_template.json", "tokenizer_config.json"] {
      guard let path = files.path(name), let value = try TokenizerFiles.object(path)["chat_template"] else { continue }
      if let text = value.text { return text }
      // Older files list several templates by name.
      if case .array(let templates) = value {
        let named = templates.first { $0["name"]?.text == "default" } ?? templates.first
        if let text = named?["template"]?.text { return text }
      }
    }
    return nil
  }
}
