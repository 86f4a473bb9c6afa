using System.Globalization;
using ChangeFeed.Emulator.Model;

namespace ChangeFeed.Emulator.Protocol;

/// <summary>Refuses headers whose value is none, as the service does: a mistyped one would otherwise be passed over in silence.</summary>
internal static class RequestRules
{
    private static readonly string[] WeakerLevels = ["Session", "ConsistentPrefix", "Eventual"];
    private static readonly string[] StrongerLevels = ["Strong", "BoundedStaleness"];
    private static readonly string[] Directives = ["Default", "Include", "Exclude"];
    private static readonly string[] Formats = ["JsonText", "CosmosBinary", "HybridRow"];

    private static readonly string[] Flags =
    [
        Headers.IsQuery, Headers.IsQueryPlan, Headers.IsUpsert, Headers.IsBatch, Headers.BatchAtomic, Headers.BatchContinueOnError,
        Headers.EnableScan, Headers.PopulateQuota, Headers.PopulateIndexMetrics, Headers.PopulateIndexMetricsV2,
        Headers.ExcludeSystemProperties,
    ];

    /// <exception cref="CosmosErrorException">A header has a value that is none (400).</exception>
    public static void Check(CosmosRequest request)
    {
        if (request.Header(Headers.Version) is { } version && !IsVersion(version))
            throw CosmosErrorException.BadRequest($"{Headers.Version} is '{version}'; it must be a version such as 2020-07-15.");
        if (request.Header(Headers.ConsistencyLevel) is { } level)
            CheckLevel(level);
        if (request.Header(Headers.IndexingDirective) is { } directive && !Contains(Directives, directive))
            throw Unknown(Headers.IndexingDirective, directive, Directives);
        if (request.Header(Headers.SerializationFormats) is { } formats)
            foreach (var format in formats.Split(',', StringSplitOptions.TrimEntries))
                if (!Contains(Formats, format))
                    throw Unknown(Headers.SerializationFormats, format, Formats);
        foreach (var flag in Flags)
            if (request.Header(flag) is { } value && !bool.TryParse(value, out _))
                throw CosmosErrorException.BadRequest($"{flag} is '{value}'; it must be True or False.");
        _ = request.MaxItemCount;
    }

    private static void CheckLevel(string level)
    {
        if (Contains(StrongerLevels, level))
            throw CosmosErrorException.BadRequest(
                $"ConsistencyLevel {level} specified in the request is invalid when service is configured with consistency level Session. "
                + "Ensure the request consistency level is not stronger than the service consistency level.");
        if (!Contains(WeakerLevels, level))
            throw Unknown(Headers.ConsistencyLevel, level, [.. StrongerLevels, .. WeakerLevels]);
    }

    /// <summary>Versions are dates; a preview has a word behind its date.</summary>
    private static bool IsVersion(string version) =>
        version.Length >= 10 && (version.Length == 10 || version[10] == '-')
        && DateOnly.TryParseExact(version.AsSpan(0, 10), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date)
        && date.Year >= 2014;

    private static bool Contains(string[] values, string value) => values.Contains(value, StringComparer.OrdinalIgnoreCase);

    private static CosmosErrorException Unknown(string header, string value, string[] allowed) =>
        CosmosErrorException.BadRequest($"{header} is '{value}'; it must be one of {string.Join(", ", allowed)}.");
}
