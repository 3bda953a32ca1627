import Dataset
import Training

/// What arms are trained by, with what they have in common trained once.
///
/// Arms whose first phases are the same, on the same rows, begin with one training: it is a node of its own, or the
/// arm that ends there.
struct TrainingTree {
  /// A training that goes on from the end of another, or begins with the model.
  struct Node: Equatable {
    /// Of the folder.
    var name: String
    /// The place of the node that it goes on from, which stands before it; nil for the model.
    var parent: Int?
    var phases: [Step]
  }

  /// A phase on the rows of an arm.
  struct Step: Equatable, Hashable {
    var phase: String
    var sets: [String]
    var hears: AudioMode?
    var rows: AudioContribution?
  }

  let nodes: [Node]
  /// By arm, the place of its node; nil for the model itself.
  let ends: [String: Int]

  init(_ arms: [ExperimentArm]) {
    let chains = arms.map(\.steps)
    let trained = zip(arms, chains).filter { !$1.isEmpty }
    var needed: [[Step]] = []
    for (place, (_, chain)) in trained.enumerated() {
      for other in trained[..<place].map(\.1) {
        let shared = zip(chain, other).prefix { $0 == $1 }.map(\.0)
        if !shared.isEmpty { needed.append(shared) }
      }
      needed.append(chain)
    }
    var nodes: [Node] = []
    // A parent is shorter than what goes on from it.
    for chain in Self.distinct(needed).sorted(by: { $0.count < $1.count }) {
      let own = zip(arms, chains).first { $1 == chain }?.0.name
      let name = Self.unused(own ?? chain.map(\.phase).joined(separator: "+"), arms: own == nil ? arms : [], nodes)
      let parent = nodes.lastIndex {
        $0.phases.count < chain.count && Array(chain.prefix($0.phases.count)) == $0.phases
      }
      nodes.append(Node(name: name, parent: parent, phases: chain))
    }
    self.nodes = nodes
    ends = Dictionary(
      uniqueKeysWithValues: zip(arms, chains).compactMap { arm, chain in
        nodes.firstIndex { $0.phases == chain }.map { (arm.name, $0) }
      })
  }

  /// The nodes from the model to one, that one last.
  func path(to end: Int) -> [Int] { (nodes[end].parent.map(path) ?? []) + [end] }

  /// The arms that are not trained without a node.
  func arms(through place: Int) -> [String] { ends.filter { path(to: $0.value).contains(place) }.keys.sorted() }

  private static func distinct(_ chains: [[Step]]) -> [[Step]] {
    var seen = Set<[Step]>()
    return chains.filter { seen.insert($0).inserted }
  }

  private static func unused(_ name: String, arms: [ExperimentArm], _ nodes: [Node]) -> String {
    let taken = Set(arms.map(\.name) + nodes.map(\.name))
    guard taken.contains(name) else { return name }
    var number = 2
    while taken.contains("\(name)-\(number)") { number += 1 }
    return "\(name)-\(number)"
  }
}

extension ExperimentArm {
  fileprivate var steps: [TrainingTree.Step] {
    phases.map { TrainingTree.Step(phase: $0, sets: sets.sorted(), hears: hears, rows: rows) }
  }
}
