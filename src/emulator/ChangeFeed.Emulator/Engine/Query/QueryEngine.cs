using ChangeFeed.Emulator.Engine.Query.Evaluation;
using ChangeFeed.Emulator.Engine.Query.Execution;
using ChangeFeed.Emulator.Engine.Query.Values;
using ChangeFeed.Emulator.Model.Indexing;

namespace ChangeFeed.Emulator.Engine.Query;

/// <summary>Runs queries. Safe for concurrent use; keep one instance, it caches parsed queries.</summary>
/// <param name="time">The clock behind GetCurrentDateTime() and its like.</param>
internal sealed class QueryEngine(TimeProvider time)
{
    private readonly QueryCache _queries = new(PreparedQuery.Parse);
    private readonly QueryCache _conditions = new((text, _) => PreparedQuery.ParseCondition(text));

    /// <summary>Reads one page.</summary>
    /// <exception cref="QueryException">The query, a parameter or the continuation is wrong (400).</exception>
    /// <exception cref="QueryNotSupportedException">The query needs a feature that is not there (501).</exception>
    public QueryPage Execute(QueryRequest request, IQuerySource source, CancellationToken cancellationToken)
    {
        var query = _queries.Get(request.Spec.Text, request.Computed);
        var plan = query.Plan;
        if (request.Indexing is { } indexing)
            IndexRules.Check(plan, indexing, request);
        var frame = query.Compiled.NewFrame(request.Spec, time, cancellationToken);
        var start = Position.Parse(request.Continuation, query.Signature);
        var window = ResultWindow.Of(plan, frame);
        var page = new Page(request.MaxItems);
        var scan = new DocumentScan(source, frame, HintFinder.Find(query.Syntax, request));
        Position? next;
        if (plan.Group is not null || (plan.Distinct && plan.OrderBy.Length > 0))
        {
            var gathered = new GatheredQuery(plan, window, start, page);
            gathered.Run(scan, frame);
            next = gathered.Next;
        }
        else if (plan.OrderBy.Length > 0)
        {
            var sorted = new SortedQuery(plan, window, start, page, ResumeFilter.Parse(request.Spec.ResumeFilter, plan.OrderBy.Length));
            sorted.Run(scan);
            next = sorted.Next;
        }
        else
        {
            var streamed = new StreamedQuery(plan, window, start, page);
            streamed.Run(scan);
            next = streamed.Next;
        }
        return new QueryPage(page.Documents, next?.ToToken(query.Signature), scan.Rows, scan.Bytes, plan.Group is not null || plan.Distinct);
    }

    /// <summary>Which indexes the service would use for a query.</summary>
    /// <exception cref="QueryException">The query is wrong (400).</exception>
    public IndexUse IndexUseOf(QueryRequest request, IndexingPolicy indexing) =>
        IndexUse.Of(_queries.Get(request.Spec.Text, request.Computed).Syntax, indexing);

    /// <summary>Evaluates the condition of a conditional patch, <c>FROM c WHERE …</c>, on one document.</summary>
    /// <exception cref="QueryException">The condition is wrong (400).</exception>
    /// <exception cref="QueryNotSupportedException">The condition needs a feature that is not there (501).</exception>
    public bool EvaluateCondition(string condition, ReadOnlyMemory<byte> document)
    {
        var query = _conditions.Get(condition);
        var frame = query.Compiled.NewFrame(new QuerySpec(condition), time, CancellationToken.None);
        frame.Slots[Frame.Document] = Value.FromJson(document.ToArray());
        return SubqueryRunner.Any(query.Plan, frame);
    }
}
