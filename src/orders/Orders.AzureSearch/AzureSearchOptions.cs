using System.Data.Common;
using Azure;
using Azure.Core.Pipeline;
using Azure.Identity;
using Azure.Search.Documents;
using Azure.Search.Documents.Indexes;
using ChangeFeed.Sinks;

namespace Orders.AzureSearch;

/// <summary>Which search service others search. Section <c>AzureSearch</c>, and <c>ConnectionStrings:azure-search</c>.</summary>
public sealed class AzureSearchOptions
{
    /// <summary>Name of the configuration section.</summary>
    public const string Section = "AzureSearch";

    /// <summary>Name of the connection string.</summary>
    public const string ConnectionName = "azure-search";

    /// <summary>
    /// <c>Endpoint=https://NAME.search.windows.net;Key=…</c>, or only the endpoint: then the identity the process runs under is used. Empty where
    /// there is none.
    /// </summary>
    public string ConnectionString { get; set; } = "";

    /// <summary>The index; lower-case letters, digits and hyphens, 2 to 100. A later generation has its number behind the name.</summary>
    public string Index { get; set; } = "orders";

    /// <summary>What requests go through; null for the client's own. For tests.</summary>
    internal HttpPipelineTransport? Transport { get; set; }

    /// <summary>Says what is wrong, naming the setting; empty when nothing is.</summary>
    public IEnumerable<string> Validate()
    {
        if (Index.Length is < 2 or > 100 || !Index.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-') || Index.Trim('-') != Index)
            yield return $"{Section}:Index is '{Index}'; it must be 2 to 100 lower-case letters, digits and hyphens.";
        if (ConnectionString.Length == 0)
            yield return $"ConnectionStrings:{ConnectionName} is not set: it must be like 'Endpoint=https://NAME.search.windows.net;Key=KEY', or the endpoint alone.";
        else if (Parse() is null)
            yield return $"ConnectionStrings:{ConnectionName} is no search service: it must be like 'Endpoint=https://NAME.search.windows.net;Key=KEY', or the endpoint alone.";
    }

    /// <summary>What writes documents.</summary>
    /// <param name="generation">Which index.</param>
    public SearchClient CreateClient(int generation)
    {
        var (endpoint, key) = Parse() ?? throw new InvalidOperationException(string.Join(' ', Validate()));
        var index = Sink.NameOf(Index, generation);
        return key is null
            ? new SearchClient(endpoint, index, new DefaultAzureCredential(), Settings())
            : new SearchClient(endpoint, index, new AzureKeyCredential(key), Settings());
    }

    /// <summary>What makes the index.</summary>
    public SearchIndexClient CreateIndexClient()
    {
        var (endpoint, key) = Parse() ?? throw new InvalidOperationException(string.Join(' ', Validate()));
        return key is null
            ? new SearchIndexClient(endpoint, new DefaultAzureCredential(), Settings())
            : new SearchIndexClient(endpoint, new AzureKeyCredential(key), Settings());
    }

    // A batch is tried again by the sink, so it fails at once here.
    private SearchClientOptions Settings()
    {
        var settings = new SearchClientOptions { Retry = { MaxRetries = 0 } };
        if (Transport is not null)
            settings.Transport = Transport;
        return settings;
    }

    private (Uri Endpoint, string? Key)? Parse()
    {
        var (endpoint, key) = (ConnectionString, default(string));
        if (ConnectionString.Contains('=', StringComparison.Ordinal))
        {
            try
            {
                var parts = new DbConnectionStringBuilder { ConnectionString = ConnectionString };
                endpoint = parts.TryGetValue("Endpoint", out var e) ? (string)e : "";
                key = parts.TryGetValue("Key", out var k) ? (string)k : null;
            }
            catch (ArgumentException)
            {
                return null;
            }
        }

        return Uri.TryCreate(endpoint, UriKind.Absolute, out var uri) && uri.Scheme == Uri.UriSchemeHttps ? (uri, key) : null;
    }
}
