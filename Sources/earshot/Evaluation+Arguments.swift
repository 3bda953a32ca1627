public import ArgumentParser
public import Dataset
public import Evaluation

extension BenchmarkFormat: ExpressibleByArgument {}

extension AnswerRule: ExpressibleByArgument {}

extension Answered.Extraction: ExpressibleByArgument {}

extension ScoreTable.Settings.Intervals: ExpressibleByArgument {}
