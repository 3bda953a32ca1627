import Testing

@testable import Chat

struct CircuitBreakerTests {
  private func failure(
    _ kind: CircuitBreaker.Failure.Kind = .broken, _ reason: String = "gone", trial: Bool = false, inFlight: Int = 99
  ) -> CircuitBreaker.Failure {
    CircuitBreaker.Failure(kind: kind, reason: reason, isTrial: trial, inFlight: inFlight)
  }

  /// A breaker that opened at 2 s, the first failure having been at 0 s.
  private func opened(patience: Double = 600) -> CircuitBreaker {
    var breaker = CircuitBreaker(patience: patience)
    for number in 0..<8 { #expect(breaker.fail(failure(), usualSeconds: 0, now: Double(number) * 2 / 7) == nil) }
    return breaker
  }

  @Test func eightFailuresInARowHoldEverythingBack() {
    var breaker = CircuitBreaker(patience: 600)
    for number in 0..<7 { _ = breaker.fail(failure(), usualSeconds: 0, now: Double(number)) }
    #expect(breaker.verdict(now: 7) == .goes)

    _ = breaker.fail(failure(.broken, "status 500"), usualSeconds: 0, now: 7)

    #expect(breaker.verdict(now: 7) == .waits(until: 12))
    #expect(breaker.outage(now: 9) == .failing(seconds: 9, secondsLeft: 3, reason: "status 500"))
  }

  @Test func aSuccessBetweenBeginsTheRowAnew() {
    var breaker = CircuitBreaker(patience: 600)
    for number in 0..<70 {
      _ = breaker.fail(failure(), usualSeconds: 0, now: Double(number))
      if number % 7 == 6 { #expect(breaker.succeed() == false) }
    }

    #expect(breaker.verdict(now: 70) == .goes)
  }

  @Test func failuresOfOneInstantAreNoOutage() {
    var breaker = CircuitBreaker(patience: 600)
    for _ in 0..<500 { _ = breaker.fail(failure(inFlight: 256), usualSeconds: 0, now: 3) }
    #expect(breaker.verdict(now: 3) == .goes)

    _ = breaker.fail(failure(), usualSeconds: 0, now: 4)

    #expect(breaker.isOpen)
  }

  @Test func whatIsNotThereNeedsNoTimeToBeKnown() {
    var breaker = CircuitBreaker(patience: 600)
    for _ in 0..<7 { _ = breaker.fail(failure(.away), usualSeconds: 9, now: 3) }
    #expect(breaker.verdict(now: 3) == .goes)

    _ = breaker.fail(failure(.away), usualSeconds: 9, now: 3)

    #expect(breaker.isOpen)
  }

  @Test func twiceAsManyFailuresAsRequestsAreAnOutage() {
    var breaker = CircuitBreaker(patience: 600)
    for _ in 0..<20 { _ = breaker.fail(failure(inFlight: 10), usualSeconds: 0, now: 3) }

    #expect(breaker.isOpen)
  }

  @Test func aBusyEndpointIsGivenTheTimeOfAnAnswer() {
    var breaker = CircuitBreaker(patience: 600)
    for number in 0..<59 { _ = breaker.fail(failure(.overload), usualSeconds: 2, now: Double(number) / 10) }
    #expect(breaker.verdict(now: 5.8) == .goes)

    _ = breaker.fail(failure(.overload), usualSeconds: 2, now: 6)

    #expect(breaker.isOpen)
  }

  @Test func oneTrialGoesAtATimeAtGrowingIntervals() {
    var breaker = opened()
    var (now, waits) = (2.0, [Double]())
    for _ in 0..<6 {
      guard case .waits(let until?) = breaker.verdict(now: now) else { break }
      waits.append(until - now)
      now = until
      #expect(breaker.verdict(now: now) == .goesAsTrial)
      breaker.trialGoes()
      #expect(breaker.verdict(now: now) == .waits(until: nil))
      #expect(breaker.fail(failure(trial: true), usualSeconds: 0, now: now) == nil)
    }

    #expect(waits == [5, 10, 20, 40, 60, 60])
  }

  @Test func aTrialThatSucceedsEndsTheOutage() {
    var breaker = opened()
    breaker.trialGoes()

    #expect(breaker.succeed() == true)

    #expect(breaker.verdict(now: 8) == .goes)
    #expect(breaker.outage(now: 8) == nil)
  }

  @Test func aTrialThatIsTakenBackMakesRoomForAnother() {
    var breaker = opened()
    breaker.trialGoes()

    breaker.trialCameToNothing()

    #expect(breaker.verdict(now: 8) == .goesAsTrial)
  }

  @Test func thoseThatWereOnTheirWayMakeTheOutageNoLonger() {
    var breaker = opened()
    for _ in 0..<100 { _ = breaker.fail(failure(), usualSeconds: 0, now: 3) }

    #expect(breaker.verdict(now: 7) == .goesAsTrial)
  }

  @Test func patienceEndsAtTheLastTrialAndLaterOnesHaveOneGo() {
    var breaker = opened(patience: 30)
    for instant in [7.0, 17] {
      breaker.trialGoes()
      #expect(breaker.fail(failure(trial: true), usualSeconds: 0, now: instant) == nil)
    }
    // The next interval of 20 s is cut short, so that the last trial comes where patience ends.
    #expect(breaker.verdict(now: 29.9) == .waits(until: 30))

    breaker.trialGoes()
    #expect(breaker.fail(failure(trial: true), usualSeconds: 0, now: 30) == 30)

    #expect(breaker.verdict(now: 100) == .goesAsTrial)
    breaker.trialGoes()
    #expect(breaker.fail(failure(trial: true), usualSeconds: 0, now: 100) == 100)
  }
}
