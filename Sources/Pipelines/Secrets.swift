// What a message leaves out because it may be a secret that was given in the wrong place.

/// Whether a name such as "write.api_key" tells that its value is a secret. "max_tokens" does not.
func namesSecret(_ key: some StringProtocol) -> Bool {
  key.lowercased().split { ".-_".contains($0) }.contains { word in
    word.hasSuffix("key") || word.hasSuffix("token") || word.contains("secret") || word.contains("password")
  }
}

/// An override as a message shows it: without its value where that may be a secret.
func shownOverride(_ text: String) -> String {
  let key = text.prefix { !"=: ".contains($0) }
  return namesSecret(key) ? excerpt(String(key)) : excerpt(text)
}

/// Whether what stands where the name of a variable should is rather a key: keys are long, and mix letters and digits.
public func looksLikeSecret(_ variable: String) -> Bool {
  variable.count > 40 || variable.contains(where: \.isLowercase) && variable.contains(where: \.isNumber)
}
