namespace ChangeFeed.Projections;

/// <summary>Shows how far something is.</summary>
public interface IProgressDisplay
{
    /// <summary>Begins the next step. Its total may become known later.</summary>
    void Begin(string step);

    /// <summary>How much of the step there is to do.</summary>
    void Total(long total);

    /// <summary>More of the step is done.</summary>
    void Advance(long done);

    /// <summary>Something worth a line of its own.</summary>
    void Say(string line);
}
