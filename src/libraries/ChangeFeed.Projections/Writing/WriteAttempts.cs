using ChangeFeed.EventStore;
namespace ChangeFeed.Projections.Writing;

internal static class WriteAttempts
{
    /// <summary>Tries against other writers of one document before giving up; normally there is one writer.</summary>
    public const int Max = 20;

    public static IOException Exhausted(string view, ViewKey key, RecordedEvent e) => new(
        $"Document '{key.Id}' of view '{view}' was changed by others {Max} times while event {e.Version} of '{e.StreamId}' was applied.");
}
