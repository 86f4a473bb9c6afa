namespace OrderPipeline.Emulator.Query;

/// <summary>Runs queries. Safe for concurrent use; keep one instance, it caches parsed queries.</summary>
/// <param name="time">The clock behind GetCurrentDateTime() and its like.</param>
public sealed class QueryEngine(TimeProvider time)
{
    /// <summary>Reads one page.</summary>
    /// <exception cref="QueryException">The query, a parameter or the continuation is wrong (400).</exception>
    /// <exception cref="QueryNotSupportedException">The query needs a feature that is not there (501).</exception>
    public QueryPage Execute(QueryRequest request, IQuerySource source, CancellationToken cancellation) =>
        throw new NotImplementedException(time.ToString());

    /// <summary>Evaluates the condition of a conditional patch, <c>FROM c WHERE …</c>, on one document.</summary>
    /// <exception cref="QueryException">The condition is wrong (400).</exception>
    public bool EvaluateCondition(string condition, ReadOnlyMemory<byte> document) => throw new NotImplementedException();
}
