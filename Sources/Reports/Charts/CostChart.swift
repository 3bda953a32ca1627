/// What each arm took, phase by phase: time as stacked bars, time and money as a table.
public struct CostChart: Sendable, Hashable {
  public struct Phase: Sendable, Hashable {
    public var name: String
    public var seconds: Double
    /// Nil where nothing is paid for.
    public var money: Double?
    /// Done once, for another arm before: drawn lighter, and in no sum.
    public var isReused: Bool

    public init(_ name: String, seconds: Double, money: Double? = nil, isReused: Bool = false) {
      self.name = name
      self.seconds = seconds
      self.money = money
      self.isReused = isReused
    }
  }

  public struct Arm: Sendable, Hashable {
    public var name: String
    /// In their order.
    public var phases: [Phase]

    public init(_ name: String, phases: [Phase]) {
      self.name = name
      self.phases = phases
    }

    /// What can be drawn.
    var drawn: [Phase] { phases.filter { Estimate.canBeDrawn($0.seconds) && $0.seconds >= 0 } }
    /// Without what it took over from others; nil where no time is known.
    var seconds: Double? { drawn.isEmpty ? nil : drawn.reduce(0) { $0 + ($1.isReused ? 0 : $1.seconds) } }
    var money: Double? {
      let amounts = phases.filter { !$0.isReused }.compactMap(\.money).filter(\.isFinite)
      return amounts.isEmpty ? nil : amounts.reduce(0, +)
    }
  }

  public var title: String
  public var arms: [Arm]
  /// The sign or code of what money is in.
  public var currency: String
  public var notes: [String]

  public init(_ title: String, arms: [Arm], currency: String = "$", notes: [String] = []) {
    self.title = title
    self.arms = arms
    self.currency = currency
    self.notes = notes
  }

  /// The names of all phases, in the order in which they first come.
  var phases: [String] {
    var seen = Set<String>()
    return arms.flatMap(\.phases).map(\.name).filter { seen.insert($0).inserted }
  }

  /// The time of each phase (phases of one name are added up), own time, and money of each arm; the sums last.
  public var table: ReportTable {
    let hasMoney = arms.contains { $0.money != nil }
    let columns =
      [ReportTable.Column("Arm")] + phases.map { .init($0, .seconds) } + [.init("Own time", .seconds)]
      + (hasMoney ? [.init("Cost", .money(currency))] : [])
    let rows = arms.map { arm in
      let times = phases.map { name -> ReportTable.Cell in
        let parts = arm.drawn.filter { $0.name == name }
        return parts.isEmpty ? .missing : .number(Estimate(parts.reduce(0) { $0 + $1.seconds }))
      }
      return row(arm.name, times + [arm.seconds.map { .number(Estimate($0)) } ?? .missing], hasMoney ? [arm.money] : [])
    }
    let spent = arms.compactMap(\.money)
    let sum = row(
      "All",
      phases.map { .number(Estimate(ownSeconds($0))) } + [.number(Estimate(arms.compactMap(\.seconds).reduce(0, +)))],
      hasMoney ? [spent.reduce(0, +)] : [], isReference: true)
    let hasReused = arms.contains { $0.phases.contains(where: \.isReused) }
    let remark = "Phases taken over from another arm are in the arm's row, but in no own time, cost or sum."
    return ReportTable(title, columns: columns, rows: rows + [sum], notes: hasReused ? [remark] : [])
  }

  private func row(
    _ name: String, _ times: [ReportTable.Cell], _ money: [Double?], isReference: Bool = false
  ) -> ReportTable.Row {
    let amounts = money.map { $0.map { ReportTable.Cell.number(Estimate($0)) } ?? .missing }
    return ReportTable.Row([.text(name)] + times + amounts, isReference: isReference)
  }

  private func ownSeconds(_ phase: String) -> Double {
    arms.flatMap(\.drawn).filter { $0.name == phase && !$0.isReused }.reduce(0) { $0 + $1.seconds }
  }
}
