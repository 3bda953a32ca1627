/// Licences as the Hugging Face hub spells them.
public enum HubLicence {
  private static let others: Set<String> = [
    "mit", "apache-2.0", "odbl", "odc-by", "pddl", "cdla-permissive-1.0", "cdla-permissive-2.0", "cdla-sharing-1.0",
    "gpl-3.0", "bsd-3-clause", "unlicense", "unknown",
  ]
  private static let kinds = ["by", "by-sa", "by-nc", "by-nd", "by-nc-sa", "by-nc-nd"]
  private static let versions = ["1.0", "2.0", "2.5", "3.0", "4.0"]

  /// The hub's word for a licence as manifests name it: a Creative Commons address, `CC BY 4.0`, `Attribution 3.0`, `cc0`,
  /// `MIT`. Nil for one that it has no word for.
  public static func id(_ text: String) -> String? {
    let plain = text.lowercased().replacing(/[ _]+/, with: "-")
    if let address = plain.firstMatch(of: /creativecommons\.org\/licenses\/([a-z-]+)\/([0-9.]+?)(\/|$)/) {
      return commons(String(address.1), String(address.2))
    }
    if plain.contains("publicdomain/zero") || ["cc0", "cc0-1.0", "creative-commons-0"].contains(plain) {
      return "cc0-1.0"
    }
    if let name = plain.firstMatch(of: /^(?:cc-)?(by[a-z-]*?)-([0-9]\.[0-9])$/) {
      return commons(String(name.1), String(name.2))
    }
    if let name = plain.firstMatch(of: /^attribution(-noncommercial)?-([0-9]\.[0-9])$/) {
      return commons(name.1 == nil ? "by" : "by-nc", String(name.2))
    }
    return others.contains(plain) ? plain : nil
  }

  private static func commons(_ kind: String, _ version: String) -> String? {
    kinds.contains(kind) && versions.contains(version) ? "cc-\(kind)-\(version)" : nil
  }
}
