namespace ChangeFeed.Emulator.Engine.Query.Functions;

/// <summary>Functions the real service has and this store has not: to be told apart from misspelt ones.</summary>
internal static class UnsupportedFunctions
{
    public static readonly Function[] All =
    [
        .. Of("spatial queries", "ST_AREA", "ST_DISTANCE", "ST_INTERSECTS", "ST_ISVALID", "ST_ISVALIDDETAILED", "ST_WITHIN"),
        .. Of("vector search", "VECTORDISTANCE"),
        .. Of("full-text search", "FULLTEXTCONTAINS", "FULLTEXTCONTAINSALL", "FULLTEXTCONTAINSANY", "FULLTEXTSCORE"),
        .. Of("hybrid search", "RRF"),
        .. Of("extraction by regular expressions", "REGEXEXTRACT", "REGEXEXTRACTALL"),
        .. Of("formatting of dates", "DATETIMEFORMAT"),
        .. Of("hashes of values", "HASH"),
    ];

    private static IEnumerable<Function> Of(string feature, params string[] names) => names.Select(name =>
        new Function(name, 0, int.MaxValue, _ => throw new InvalidOperationException())
        {
            Unsupported = $"The function {name} ({feature}) is not supported by this store.",
        });
}
