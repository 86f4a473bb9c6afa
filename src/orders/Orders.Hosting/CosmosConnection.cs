using System.Data.Common;
using System.Diagnostics.CodeAnalysis;

namespace Orders.Hosting;

/// <summary>A parsed connection string: an endpoint, and the key where there is one.</summary>
internal sealed record CosmosConnection(Uri Endpoint, string? Key)
{
    public static bool TryParse(string text, [NotNullWhen(true)] out CosmosConnection? connection, [NotNullWhen(false)] out string? problem)
    {
        connection = null;
        problem = null;
        var endpoint = text;
        string? key = null;
        if (text.Contains('=', StringComparison.Ordinal))
        {
            DbConnectionStringBuilder parts;
            try
            {
                parts = new DbConnectionStringBuilder { ConnectionString = text };
            }
            catch (ArgumentException)
            {
                problem = "is not a connection string of the form 'AccountEndpoint=…;AccountKey=…'.";
                return false;
            }

            endpoint = parts.TryGetValue("AccountEndpoint", out var e) ? (string)e : "";
            key = parts.TryGetValue("AccountKey", out var k) ? (string)k : null;
        }

        if (!Uri.TryCreate(endpoint, UriKind.Absolute, out var uri) || (uri.Scheme != Uri.UriSchemeHttp && uri.Scheme != Uri.UriSchemeHttps))
            problem = "has no AccountEndpoint that is an http or https address.";
        else if (key is not null && !Convert.TryFromBase64String(key, new byte[key.Length], out _))
            problem = "has an AccountKey that is not base64.";
        else
            connection = new CosmosConnection(uri, key);
        return connection is not null;
    }
}
