/// The name that was probably meant by a mistyped one: the nearest by insertions, deletions, replacements and swaps of
/// neighbours, if no more than a third of the longer one is wrong; the first by alphabet of equally near ones.
public func nearestName(to typed: String, in names: some Sequence<String>) -> String? {
  let letters = Array(typed.lowercased().prefix(64))
  var nearest: (name: String, distance: Int)?
  for name in names.sorted() {
    let candidate = Array(name.lowercased().prefix(64))
    let longer = max(letters.count, candidate.count)
    let distance = editDistance(letters, candidate)
    guard distance <= (longer > 1 ? max(longer / 3, 1) : 0), distance < nearest?.distance ?? .max else { continue }
    nearest = (name, distance)
  }
  return nearest?.name
}

/// Damerau-Levenshtein distance, restricted to one edit per part ("optimal string alignment").
private func editDistance(_ a: [Character], _ b: [Character]) -> Int {
  var beforeLast: [Int] = []
  var last = Array(0...b.count)
  for i in a.indices {
    var row = [i + 1]
    for j in b.indices {
      var cost = min(last[j + 1] + 1, row[j] + 1, last[j] + (a[i] == b[j] ? 0 : 1))
      if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] { cost = min(cost, beforeLast[j - 1] + 1) }
      row.append(cost)
    }
    beforeLast = last
    last = row
  }
  return last[b.count]
}
