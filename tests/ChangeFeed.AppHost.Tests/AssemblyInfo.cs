// As in Orders.Pipeline.Tests: two systems at a time leave none of them enough of two cores.
[assembly: Xunit.v3.Parallelization(MaxThreads = 1)]
