import Audio
import Dataset
import Foundation
import Models

@testable import Training

/// A folder for one test, gone afterwards.
func withDataFolder<Result>(_ body: (String) throws -> Result) throws -> Result {
  let folder = FileManager.default.temporaryDirectory.appendingPathComponent("earshot-data-\(UUID().uuidString)").path
  try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(atPath: folder) }
  return try body(folder)
}

/// Shows everything there is of a row.
let plainPrompt = QuestionPrompt(name: "plain", digest: "1") { fields in
  [ConversationMessage(role: .user, text: "\(fields.question) \(fields.choiceList)")]
}

/// Shows nothing of a row.
let fixedPrompt = QuestionPrompt(name: "fixed", digest: "2", showsQuestion: false) { _ in
  [
    ConversationMessage(role: .system, text: "You listen."),
    ConversationMessage(role: .user, text: "What is heard?"),
  ]
}

func row(
  _ id: String, _ question: String = "Which?", _ choices: [String] = ["dog", "cat", "bird", "cow"], answer: Int? = 1,
  audio: String? = "a.wav"
) -> ImportedQuestion {
  ImportedQuestion(id: id, question: question, choices: choices, answer: answer, audio: audio)
}

/// The text of all messages, with sounds as "<0>".
func text(_ example: TrainingExample) -> String {
  example.messages.map { message in
    message.parts.map { part in
      switch part {
      case .text(let text): text
      case .audio(let index): "<\(index)>"
      }
    }.joined()
  }.joined(separator: "\n")
}
