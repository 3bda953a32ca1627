extension Prompt {
  /// Whether the prompt uses a variable, written as in `expects`.
  public func shows(_ variable: String) -> Bool { expects.paths.contains(variable) }
}
