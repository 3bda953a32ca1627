import Foundation
import Testing

@testable import Training

@Suite struct RunningMeansTests {
  @Test func meansAreWeightedHoweverTheTokensWereBatched() {
    var one = RunningMeans()
    one.add(.entropy, (10 * 0.5 + 30 * 2.5) / 40, weight: 40)
    var two = RunningMeans()
    two.add(.entropy, 0.5, weight: 10)
    two.add(.entropy, 2.5, weight: 30)

    #expect(one.take()[.entropy] == 2)
    #expect(two.take()[.entropy] == 2)
  }

  @Test func aWindowEndsWhenItsValuesAreTaken() {
    var means = RunningMeans()
    means.add(.loss, 3)
    means.set(.learningRate, 0.1)
    means.set(.learningRate, 0.05)
    means.addSmallest(.clippedLowSmallest, 2)
    means.addSmallest(.clippedLowSmallest, 1)
    means.addLargest(.clippedHighLargest, -2)
    means.addLargest(.clippedHighLargest, -3)

    #expect(
      means.take() == [.loss: 3, .learningRate: 0.05, .clippedLowSmallest: 1, .clippedHighLargest: -2])
    #expect(means.isEmpty)
    means.add(.loss, 5)
    #expect(means.take() == [.loss: 5])
  }

  @Test func whatDoesNotExistDoesNotCountAndWhatIsNotANumberDoes() {
    var means = RunningMeans()
    means.add(.reward, nil)
    means.add(.reward, 2)
    means.add(.divergence, nil)
    means.add(.entropy, 1, weight: 0)
    means.add(.loss, 1)
    means.add(.loss, .nan)
    let values = means.take()

    #expect(values[.reward] == 2)
    #expect(values[.divergence]?.isNaN == true)
    #expect(values[.entropy]?.isNaN == true)
    #expect(values[.loss]?.isNaN == true)
  }

  @Test func aWindowStoredInItsMiddleGoesOnToTheBit() throws {
    var undisturbed = RunningMeans()
    undisturbed.add(.loss, 0.1, weight: 3)
    undisturbed.add(.divergence, .infinity)
    var resumed = try JSONDecoder().decode(RunningMeans.self, from: JSONEncoder().encode(undisturbed))
    #expect(resumed == undisturbed)

    undisturbed.add(.loss, 0.7, weight: 5)
    resumed.add(.loss, 0.7, weight: 5)

    #expect(resumed.take()[.loss]?.bitPattern == undisturbed.take()[.loss]?.bitPattern)
  }
}
