namespace ChangeFeed.Emulator.Engine.Query.Evaluation;

/// <summary>Takes the rows of a query: what FROM yields and WHERE lets through, bound to the frame.</summary>
internal abstract class RowSink
{
    /// <summary>Takes the row in the frame; false when no more rows are wanted.</summary>
    public abstract bool Accept(Frame frame);
}
