import Pipelines
import Store

/// The set as a run that came to its end left it. Where two values are equal, no run changed it between them.
struct FinishedSet: Equatable {
  private let input: String
  private let split: StageRecord
  private let balance: StageRecord

  /// Throws where clips, questions or the way to split them changed after the set was balanced.
  init(_ store: RunStore) throws {
    input = try store.setInput()
    guard let split = try store.stage(named: "split"), let balance = try store.stage(named: "balance"),
      balance.input == input,
      // Parts that the split has from stages before it, the balance has from the same.
      split.parts.allSatisfy({ (balance.parts["split: \($0.key)"] ?? balance.parts[$0.key]) == $0.value })
    else { throw StagesError.unfinishedSet(store.path) }
    self.split = split
    self.balance = balance
  }

  /// What became of the questions that are answered without their sound; nil where nobody was asked.
  var weak: WeakQuestions? { balance.parts["dependence: weak"].flatMap(WeakQuestions.init) }
}
