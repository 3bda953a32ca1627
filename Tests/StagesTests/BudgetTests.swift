import Store
import Testing

@testable import Stages

@Suite struct BudgetTests {
  private let worst = Charge(usd: 0.4, tokens: 400)

  @Test func whatFitsGoesAndWhatDoesNotWaitsForWhatIsUnderWay() async throws {
    let budget = Budget(SpendingLimits(usd: 1), spent: Spending())
    try await budget.reserve(worst)
    try await budget.reserve(worst)

    let third = Task { try await budget.reserve(worst) }
    budget.settle(worst, as: Charge(usd: 0.1, tokens: 100))
    try await third.value

    #expect(budget.spent.usd == 0.1)
    #expect(budget.spent.requests == 3)
  }

  @Test func withNothingUnderWayWhatDoesNotFitIsRefused() async throws {
    let budget = Budget(SpendingLimits(usd: 1), spent: Spending(requests: 4, usd: 0.7))

    await #expect(throws: StagesError.self) { try await budget.reserve(worst) }
    try await budget.reserve(Charge(usd: 0.2))
    budget.settle(Charge(usd: 0.2), as: Charge(usd: 0.2))
    #expect(budget.spent.usd < 1)
  }

  @Test(arguments: [SpendingLimits(requests: 2), SpendingLimits(tokens: 900), SpendingLimits(usd: 0.9)])
  func everyLimitHolds(limits: SpendingLimits) async throws {
    let budget = Budget(limits, spent: Spending())
    var admitted = 0
    do {
      while true {
        try await budget.reserve(worst)
        admitted += 1
        budget.settle(worst, as: worst)
      }
    } catch let error as StagesError {
      #expect("\(error)".contains("--max-"))
    }
    #expect(admitted == 2)
  }

  @Test func aThousandAtATimeNeverPassALimit() async throws {
    let budget = Budget(SpendingLimits(usd: 1), spent: Spending())
    await withTaskGroup(of: Void.self) { group in
      for number in 0..<1_000 {
        group.addTask {
          let cost = Charge(usd: Double(number % 7) / 1_000, tokens: 1)
          guard (try? await budget.reserve(Charge(usd: 0.007, tokens: 9))) != nil else { return }
          await Task.yield()
          budget.settle(Charge(usd: 0.007, tokens: 9), as: cost)
        }
      }
    }
    #expect(budget.spent.usd <= 1 && budget.spent.usd > 0.98)
  }

  @Test func whatDoesNotFitAtOnceIsNotWaitedForAndRefusedOnlyWhereNothingIsUnderWay() async throws {
    let budget = Budget(SpendingLimits(usd: 1), spent: Spending())
    #expect(try budget.reserveAtOnce(worst) && budget.reserveAtOnce(worst))
    #expect(try !budget.reserveAtOnce(worst))

    budget.settle(ReservedRequests(requests: 2, charge: Charge(usd: 0.8, tokens: 800)), as: Charge(usd: 0.7))

    #expect(throws: StagesError.self) { try budget.reserveAtOnce(worst) }
    #expect(try budget.reserveAtOnce(Charge(usd: 0.2)))
    #expect(budget.spent.requests == 3 && budget.spent.usd == 0.7)
  }

  @Test func whatAnEarlierProcessLeftUnderWayMayStillTurnOutCheaper() async throws {
    let left = ReservedRequests(requests: 2, charge: Charge(usd: 0.8, tokens: 800))
    let budget = Budget(SpendingLimits(usd: 1), spent: Spending(requests: 5, tokens: 900, usd: 0.9))

    budget.adopt(left)
    #expect(try !budget.reserveAtOnce(worst))
    budget.settle(left, as: Charge(usd: 0.2, tokens: 50))

    #expect(try budget.reserveAtOnce(worst))
    #expect(abs(budget.spent.usd - 0.3) < 1e-12 && budget.spent.tokens == 150 && budget.spent.requests == 6)
  }

  @Test func whatNeverWentOutDoesNotCountAsRequests() async throws {
    let budget = Budget(SpendingLimits(requests: 4), spent: Spending(requests: 4))
    let left = ReservedRequests(requests: 2)
    budget.adopt(left)

    budget.settle(left, as: Charge(), wasSent: false)

    #expect(try budget.reserveAtOnce(worst) && budget.reserveAtOnce(worst))
    #expect(budget.spent.requests == 4)
  }

  @Test func whoIsCancelledWhileWaitingIsLetGo() async throws {
    let budget = Budget(SpendingLimits(usd: 0.5), spent: Spending())
    try await budget.reserve(worst)
    let waiting = Task { try await budget.reserve(worst) }

    waiting.cancel()

    await #expect(throws: CancellationError.self) { try await waiting.value }
    budget.settle(worst, as: Charge())
    try await budget.reserve(worst)
  }

  @Test(arguments: [(0, "$0.00"), (0.000123, "$0.000123"), (0.0456, "$0.0456"), (1.005, "$1.00"), (12.5, "$12.50")])
  func dollarsShowWhatTheyTell(usd: Double, text: String) {
    #expect(dollars(usd) == text)
  }
}
