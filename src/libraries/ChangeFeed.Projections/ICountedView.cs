using ChangeFeed.EventStore;

namespace ChangeFeed.Projections;

/// <summary>A view whose documents are made of many streams; it is verified by counting all events anew.</summary>
public interface ICountedView : IView
{
    /// <summary>Begins to count.</summary>
    IViewCount BeginCount();
}

/// <summary>A count of all events in memory.</summary>
public interface IViewCount
{
    /// <summary>Counts an event.</summary>
    /// <param name="first">The first event of its stream.</param>
    /// <param name="e">The event.</param>
    void Add(RecordedEvent first, RecordedEvent e);

    /// <summary>The documents there should be.</summary>
    IReadOnlyDictionary<ViewKey, DocumentFacts> Documents();
}
