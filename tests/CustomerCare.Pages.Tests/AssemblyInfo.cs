// The tests share one running system and look at it one after the other.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
