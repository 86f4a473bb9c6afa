// Each running system is ten processes on few cores: one at a time.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
