// Each running system is ten processes, which mostly wait for leases and for each other: two at a time are faster than one, more are not.
[assembly: Parallelization(MaxThreads = 2)]
