namespace OrderPipeline.Emulator.Query.Functions;

/// <summary>Functions the real service has and this store has not: to be told apart from misspelt ones.</summary>
static class UnsupportedFunctions
{
    public static readonly Function[] All =
    [
        .. Of("Spatial queries", "ST_AREA", "ST_DISTANCE", "ST_INTERSECTS", "ST_ISVALID", "ST_ISVALIDDETAILED", "ST_WITHIN"),
        .. Of("Vector search", "VECTORDISTANCE"),
        .. Of("Full-text search", "FULLTEXTCONTAINS", "FULLTEXTCONTAINSALL", "FULLTEXTCONTAINSANY", "FULLTEXTSCORE"),
        .. Of("Hybrid search", "RRF"),
        .. Of("Extraction by regular expression", "REGEXEXTRACT", "REGEXEXTRACTALL"),
        .. Of("Formatting of dates", "DATETIMEFORMAT"),
        .. Of("Collecting aggregates", "MAKELIST", "MAKESET"),
        .. Of("The hash of a value", "HASH"),
        .. Of("The number of a document", "DOCUMENTID"),
    ];

    static IEnumerable<Function> Of(string feature, params string[] names) => names.Select(name =>
        new Function(name, 0, int.MaxValue, _ => throw new InvalidOperationException())
        {
            Unsupported = $"{feature} is not supported by this store (function {name}).",
        });
}
