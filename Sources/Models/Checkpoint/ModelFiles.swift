/// The files of a model's folder beside its weights, to go with weights that were made of them.
enum ModelFiles {
  /// The files that belong to a model, whatever its weights.
  private static let names: Set<String> = [
    "generation_config.json", "tokenizer.json", "tokenizer_config.json", "vocab.json", "merges.txt",
    "added_tokens.json", "special_tokens_map.json", "preprocessor_config.json", "processor_config.json",
    "chat_template.json", "chat_template.jinja", "LICENSE", "LICENSE.txt", "LICENSE.md", "NOTICE", "README.md",
  ]

  /// Copies tokenizer, generation settings and the like; config.json is none of them.
  static func copy(from folder: String, to target: String) throws(CheckpointError) {
    for name in try ModelFolder.fileNames(in: folder) where names.contains(name) {
      let bytes = try readFile("\(folder)/\(name)", limit: 1 << 30)
      try CheckpointOutput.write(bytes, to: "\(target)/\(name)")
    }
  }

  /// The members of a folder's config.json, in the order of the file.
  static func configuration(in folder: String) throws(CheckpointError) -> [CheckpointJSON.Member] {
    let source = try ConfigurationSection(file: "\(folder)/config.json")
    guard case .object(let members) = source.value else { throw .json(file: source.file, .notAnObject) }
    return members
  }

  /// Writes config.json, which comes last: a folder without it is one whose writing was cut short.
  static func write(configuration members: [CheckpointJSON.Member], to folder: String) throws(CheckpointError) {
    try CheckpointOutput.write(Array((CheckpointJSON.object(members).text() + "\n").utf8), to: "\(folder)/config.json")
  }
}

extension [CheckpointJSON.Member] {
  /// Names the type of the weights, as transformers 4 (`torch_dtype`) and 5 (`dtype`) do: in every section that has
  /// one, and at the top.
  mutating func setWeightType(_ name: String) {
    let keys = ["dtype", "torch_dtype"]
    if !contains(where: { keys.contains($0.name) }) { append(.init(name: "torch_dtype", value: .null)) }
    replaceSettings(keys, with: .string(name))
  }

  /// Gives the settings `keys` another value, also within sections.
  mutating func replaceSettings(_ keys: [String], with value: CheckpointJSON) {
    for index in indices {
      if keys.contains(self[index].name) {
        self[index].value = value
      } else if case .object(var members) = self[index].value {
        members.replaceSettings(keys, with: value)
        self[index].value = .object(members)
      }
    }
  }
}
