namespace ChangeFeed.Migration.Plan;

/// <summary>How far a range of one side was found equal to the other side: the next look begins there.</summary>
/// <param name="Id">Id of the document.</param>
/// <param name="Migration">The migration, which is its partition.</param>
/// <param name="Position">Where to go on.</param>
/// <param name="Documents">Documents looked at, all looks together.</param>
internal sealed record VerifiedRange(string Id, string Migration, string Position, long Documents);
