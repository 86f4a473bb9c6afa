using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using ChangeFeed.Emulator.Model;

namespace ChangeFeed.Emulator.Endpoints.Management;

/// <summary>What to do to requests that match: delay them, refuse them, or both.</summary>
internal sealed class FaultRule
{
    /// <summary>The status to answer with; absent only delays.</summary>
    public int? Status { get; set; }

    public int SubStatus { get; set; }

    public double Probability { get; set; } = 1;

    /// <summary>Only paths that contain this text.</summary>
    public string? Path { get; set; }

    public string? Verb { get; set; }

    /// <summary>How often at most; absent is without end.</summary>
    public int? Count { get; set; }

    public int DelayMs { get; set; }

    public int? RetryAfterMs { get; set; }
}

[JsonSourceGenerationOptions(
    JsonSerializerDefaults.Web,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(FaultRule))]
[JsonSerializable(typeof(IEnumerable<FaultRule>))]
internal sealed partial class FaultJson : JsonSerializerContext;

/// <summary>The faults to inject, in the order they were added; the first that applies wins.</summary>
internal sealed class FaultRules
{
    private readonly Lock _lock = new();
    private ImmutableList<(FaultRule Rule, int Used)> _rules = [];

    public IEnumerable<FaultRule> All => _rules.Select(entry => entry.Rule);

    public void Add(FaultRule rule)
    {
        lock (_lock)
            _rules = _rules.Add((rule, 0));
    }

    public void Clear()
    {
        lock (_lock)
            _rules = [];
    }

    public FaultRule? Next(string verb, string path)
    {
        if (_rules.IsEmpty)
            return null;
        lock (_lock)
        {
            for (var i = 0; i < _rules.Count; i++)
            {
                var (rule, used) = _rules[i];
                if (used >= rule.Count
                    || (rule.Verb is { } wanted && !wanted.Equals(verb, StringComparison.OrdinalIgnoreCase))
                    || (rule.Path is { } part && !path.Contains(part, StringComparison.Ordinal))
                    || (rule.Probability < 1 && Random.Shared.NextDouble() >= rule.Probability))
                    continue;
                _rules = _rules.SetItem(i, (rule, used + 1));
                return rule;
            }
        }
        return null;
    }

    public static FaultRule Parse(ReadOnlySpan<byte> json)
    {
        try
        {
            var rule = JsonSerializer.Deserialize(json, FaultJson.Default.FaultRule)
                ?? throw CosmosErrorException.BadRequest("A fault must be a JSON object.");
            if (rule.Status is < 400 or > 599)
                throw CosmosErrorException.BadRequest($"'status' is {rule.Status}; it must be from 400 to 599.");
            if (rule.Probability is < 0 or > 1)
                throw CosmosErrorException.BadRequest($"'probability' is {rule.Probability}; it must be from 0 to 1.");
            if (rule.Status is null && rule.DelayMs <= 0)
                throw CosmosErrorException.BadRequest("A fault needs 'status', 'delayMs' or both.");
            return rule;
        }
        catch (JsonException exception)
        {
            throw CosmosErrorException.BadRequest($"The fault is not valid: {exception.Message}");
        }
    }
}
