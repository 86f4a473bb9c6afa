namespace ChangeFeed.Emulator.Storage;

/// <summary>What a commit did, for a copy of the store to do too.</summary>
/// <param name="Number">Counted without a gap over all commits that changed something.</param>
/// <param name="At">When it was committed, in Unix milliseconds.</param>
/// <param name="Changes">What it did, as the store that wrote it takes it down.</param>
internal sealed record ReplicatedCommit(long Number, long At, byte[] Changes);
