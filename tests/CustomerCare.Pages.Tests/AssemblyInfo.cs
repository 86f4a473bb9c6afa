// The tests share one running system and look at it one after the other.
[assembly: Parallelization(Mode = Xunit.Sdk.ParallelMode.None)]
