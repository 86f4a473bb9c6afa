using ChangeFeed.Emulator.Engine.Query;
using ChangeFeed.Emulator.Tests.Engine.Query;

namespace ChangeFeed.Emulator.Tests.Fuzzing;

/// <summary>Whatever a query says, it has rows, is refused, or names what is not there; nothing else comes of it, and it does not take long.</summary>
public sealed class QueryFuzzTests
{
    private static readonly string[] Corpus =
    [
        .. QueryCases.Files(items: false).SelectMany(QueryCases.Expressions).Concat(QueryCases.Files(items: true).SelectMany(QueryCases.Items))
            .Select(row => row.Query).Distinct()
    ];

    private static readonly string[] Documents =
    [
        """{"id":"a","pk":"p","name":"Anna","age":30,"address":{"city":"Bern"},"tags":["x","y"],"children":[{"name":"Ben","pets":[{"n":"Rex"}]}],"big":12345678901234567890}""",
        """{"id":"b","pk":"p","n":[1,[2,[3]]],"s":"äöü\ud83d\ude00","t":"2026-11-27T12:00:00Z","f":1.5e-7,"o":{},"nothing":null}""",
        """{"id":"c","pk":"q","tags":"none","children":{},"x":true}""",
    ];

    [Fact]
    public Task Made_up_queries_are_answered_or_refused() => FuzzRun.RunAsync(random =>
    {
        var query = Mutations.Words(random, Corpus);
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(15));
        var problem = Try(() => Run(query, random.Next(1, 4), patience.Token))
            ?? Try(() => QueryPlanner.Plan(new QuerySpec(query), new QueryPlanTarget(["/pk"], _ => "00", false)));
        return Task.FromResult(problem is null ? null : $"{problem} of: {query}");
    });

    private static void Run(string query, int pageSize, CancellationToken patience)
    {
        string? continuation = null;
        var pages = 0;
        do
        {
            var request = new QueryRequest(new QuerySpec(query)) { Continuation = continuation, MaxItems = pageSize, PartitionKeyPaths = ["/pk"] };
            continuation = QueryRunner.Engine.Execute(request, new MemoryDocuments(Documents), patience).Continuation;
        }
        while (continuation is not null && ++pages < 50);
    }

    private static string? Try(Action run)
    {
        try
        {
            run();
            return null;
        }
        catch (Exception e) when (e is QueryException or QueryNotSupportedException)
        {
            return null;
        }
        catch (Exception e)
        {
            return $"{e.GetType().Name}: {e.Message} at {e.StackTrace?.Split('\n').FirstOrDefault()?.Trim()}";
        }
    }
}
