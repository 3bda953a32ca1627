/// Whether a text may name an entry of a stage: a captioner, a writer.
func isEntryName(_ text: String) -> Bool { text.wholeMatch(of: /[A-Za-z0-9][A-Za-z0-9._\-]{0,63}/) != nil }
