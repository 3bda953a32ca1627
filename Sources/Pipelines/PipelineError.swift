/// What can go wrong with a pipeline file, a prompt file or a run folder.
public enum PipelineError: Error, Equatable, Sendable {
  case missingFile(path: String)
  case unreadable(path: String, reason: String)
  /// `limit` is in bytes.
  case tooLarge(path: String, limit: Int)
  case notText(path: String)

  case syntax(problem: String, column: Int?, at: Place)
  case alias(at: Place)
  case tooDeep(at: Place)
  case duplicateKey(String, at: Place)

  case badName(String, at: Place)
  case badOverride(String)
  case unknownSection(String, at: Place, nearest: String?, known: [String])
  /// `known` are the keys that `section` has.
  case unknownKey(String, section: String, at: Place, nearest: String?, known: [String])
  case missingValue(key: String, wanted: String, at: Place)
  /// `shown` is the value as written, in quotes, or the kind of it; `wanted` reads after "which is not".
  case badValue(key: String, shown: String, wanted: String, at: Place)
  /// A key that has no effect, or contradicts another; `other` reads after "does not go with".
  case conflict(key: String, other: String, advice: String, at: Place)
  /// Says nothing of the value, which may be the secret itself.
  case notAVariableName(key: String, at: Place)

  case prompt(PromptProblem, at: Place)

  case cannotCreateRun(path: String, reason: String)
  case runLocked(path: String)
  case unknownStage(String, known: [String])
}

extension PipelineError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .missingFile(let path):
      "\(path): there is no such file. Check the path."
    case .unreadable(let path, let reason):
      "\(path): cannot be read (\(reason)). Check that it is a file and its permissions."
    case .tooLarge(let path, let limit):
      "\(path): larger than \(limit) bytes. Check that it is the right file."
    case .notText(let path):
      "\(path): not UTF-8 text. Save it as UTF-8."
    case .syntax(let problem, let column, let place):
      "\(place)\(column.map { ":\($0)" } ?? ""): not valid YAML: \(problem)."
    case .alias(let place):
      "\(place): anchors (&) and aliases (*) are not read. Write the value out, or put it in quotes if it is text."
    case .tooDeep(let place):
      "\(place): nested too deeply. Flatten it."
    case .duplicateKey(let key, let place):
      "\(place): key '\(excerpt(key))' is given more than once. Keep one."
    case .badName(let name, let place):
      "\(place): 'name' is '\(excerpt(name))', which cannot name a folder. "
        + "Use up to 100 letters, digits, '.', '_' and '-', starting with a letter or digit."
    case .badOverride(let text):
      "--set \(shownOverride(text)): not an override. Write section.key=value, such as write.questions=3."
    case .unknownSection(let name, let place, let nearest, let known):
      "\(place): unknown section '\(excerpt(name))'. \(suggestion(nearest, known: known, none: "Remove it."))"
    case .unknownKey(let key, let section, let place, let nearest, let known):
      "\(place): unknown key '\(excerpt(key))'\(section.isEmpty ? "" : " in '\(section)'"). "
        + suggestion(nearest, known: known, none: "It takes none; remove it.")
    case .missingValue(let key, let wanted, let place):
      "\(place): '\(key)' is missing. Set it to \(wanted)."
    case .badValue(let key, let shown, let wanted, let place):
      "\(place): '\(key)' is \(shown), which is not \(wanted)."
    case .conflict(let key, let other, let advice, let place):
      "\(place): '\(key)' does not go with \(other). \(advice)"
    case .notAVariableName(let key, let place):
      "\(place.hidingValue): '\(key)' is not the name of an environment variable. "
        + "Put the secret in a variable and its name here, such as OPENAI_API_KEY."
    case .prompt(let problem, let place):
      "\(place): \(problem)"
    case .cannotCreateRun(let path, let reason):
      "\(path): cannot be created (\(reason)). Choose another folder, or check permissions and free space."
    case .runLocked(let path):
      "\(path): another process is running this pipeline. Wait for it to end, or stop it."
    case .unknownStage(let name, let known):
      "'\(excerpt(name))': no such stage in this pipeline. "
        + suggestion(nearestName(to: name, in: known), known: known, none: "It has none.")
    }
  }
}

/// "Did you mean 'x'?", or the names there are.
func suggestion(_ nearest: String?, known: [String], none: String) -> String {
  if let nearest { return "Did you mean '\(nearest)'?" }
  return known.isEmpty ? none : "There are: \(known.joined(separator: ", "))."
}
