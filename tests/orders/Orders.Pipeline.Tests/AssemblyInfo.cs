// Each running system is ten processes, which mostly wait for leases and for each other: two at a time are faster than one, more are not.
[assembly: Xunit.v3.Parallelization(MaxThreads = 2)]
