using System.Globalization;

namespace ChangeFeed.Emulator.Engine.Feed;

/// <summary>Where a change feed read begins: after an LSN, now, or at a time. Neither set means at the beginning.</summary>
internal readonly record struct ChangeFeedStart(long? AfterLsn, bool Now, long? Since);
