// Each running system is ten processes that compile themselves at the start. Two systems at a time leave none of them enough of two cores to
// keep the deadlines that are tested here.
[assembly: Xunit.v3.Parallelization(MaxThreads = 1)]
