import Dataset
import Store

extension AnswerShares {
  /// As questions have them.
  init(_ rates: [AnswerRate: Double]) {
    self.init(heard: rates[.heard], blind: rates[.blind], silent: rates[.silent], swapped: rates[.swapped])
  }

  /// Those that are known.
  var rates: [AnswerRate: Double] {
    [AnswerRate.heard: heard, .blind: blind, .silent: silent, .swapped: swapped].compactMapValues { $0 }
  }
}
