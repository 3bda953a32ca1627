public import Dataset
import Foundation
public import Models

/// How items are put to a model.
public struct AskPrompts: Sendable {
  /// How items with choices are put.
  public let choices: QuestionPrompt
  /// How items are put that have neither choices nor a question of their own, by their kind.
  private let others: [BenchmarkItem.Kind: QuestionPrompt]

  /// `given` takes the place of all of ``standard``.
  public init(_ given: QuestionPrompt? = nil) {
    choices = given ?? Self.standardChoices
    others = given == nil ? Self.standardOthers : [:]
  }

  /// Names and digests of the prompts that `kinds` are put by.
  public func identity(of kinds: Set<BenchmarkItem.Kind>) -> [String: String] {
    let used = kinds.sorted { $0.rawValue < $1.rawValue }.map { prompt(for: $0) }
    var seen = Set<String>()
    let distinct = used.filter { seen.insert($0.name).inserted }
    return [
      "prompt": distinct.map(\.name).joined(separator: ", "),
      "prompt-digest": distinct.map(\.digest).joined(separator: ", "),
    ]
  }

  /// The turns of an ask, the last one the user's: the sound or its captions stand before the text.
  public func messages(for ask: Ask) throws -> [ConversationMessage] {
    var messages = try texts(for: ask)
    guard let last = messages.indices.last else { return messages }
    if ask.sound != nil {
      messages[last].parts.insert(.audio(0), at: 0)
    } else if !ask.captions.isEmpty {
      messages[last].parts.insert(.text(ask.captions.joined(separator: "\n") + "\n"), at: 0)
    }
    return messages
  }

  private func texts(for ask: Ask) throws -> [ConversationMessage] {
    let item = ask.item
    if item.kind != .choice, !item.question.isEmpty {
      return [ConversationMessage(role: .user, text: item.question)]
    }
    let question = item.kind == .translation ? item.targetLanguage.map(Self.languageName) ?? "English" : item.question
    return try prompt(for: item.kind).messages(
      PromptFields(question: question, choices: ask.choices, captions: ask.captions))
  }

  private func prompt(for kind: BenchmarkItem.Kind) -> QuestionPrompt { others[kind] ?? choices }

  /// The English name of a language that a file names by its code: `zh`, `pt-BR`.
  private static func languageName(_ language: String) -> String {
    let code = language.replacing("_", with: "-").split(separator: "-").first.map { $0.lowercased() } ?? ""
    guard (2...3).contains(code.count) else { return language }
    return Locale(identifier: "en").localizedString(forLanguageCode: code) ?? language
  }
}
