import Foundation

extension NanoModel {
  /// Writes a model of the usual shape with random weights and its tokenizer to `folder`, which is made where it is
  /// missing; the same seed gives the same bytes. Returns the tokenizer.
  public static func create(folder: String, seed: UInt64) throws -> Tokenizer {
    let trained = try NanoTokenizer.train()
    let tokenizer = trained.tokenizer
    guard
      let endOfText = tokenizer.id(of: "<|endoftext|>"), let turnEnd = tokenizer.id(of: "<|im_end|>"),
      let audio = tokenizer.id(of: "<|AUDIO|>")
    else { preconditionFailure("a trained tokenizer has the special tokens") }
    let model = NanoModel(
      vocabularySize: tokenizer.vocabularySize,
      tokens: SpecialTokens(endOfText: endOfText, turnEnd: turnEnd, audio: audio))
    let parent = URL(fileURLWithPath: folder).deletingLastPathComponent()
    try FileManager.default.createDirectory(at: parent, withIntermediateDirectories: true)
    try model.write(to: folder, seed: seed)
    try trained.write(folder: folder)
    return tokenizer
  }
}
