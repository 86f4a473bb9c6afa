using System.Text;

namespace ChangeFeed.Testing.Hostility;

/// <summary>One request nobody should send.</summary>
/// <param name="Operation">The endpoint as the document names it: <c>GET /orders/{id}</c>.</param>
/// <param name="Method">The method.</param>
/// <param name="Url">Path and query.</param>
/// <param name="Headers">Headers, beside that of the body.</param>
/// <param name="Body">The body; null for none.</param>
/// <param name="Fields">What a 400 may name: parameters of the endpoint. Fields of a body are not among them.</param>
/// <param name="Statuses">The answers the document has for the endpoint.</param>
public sealed record HostileRequest(
    string Operation,
    string Method,
    string Url,
    IReadOnlyList<(string Name, string Value)> Headers,
    byte[]? Body,
    IReadOnlyList<string> Fields,
    IReadOnlySet<int> Statuses)
{
    private const int Shown = 1000;

    public HttpRequestMessage ToMessage()
    {
        var message = new HttpRequestMessage(new HttpMethod(Method), new Uri(Url, UriKind.Relative));
        foreach (var (name, value) in Headers)
            message.Headers.TryAddWithoutValidation(name, value);
        if (Body is not null)
        {
            message.Content = new ByteArrayContent(Body);
            message.Content.Headers.ContentType = new("application/json");
        }

        return message;
    }

    public override string ToString() =>
        $"{Method} {Url}{string.Concat(Headers.Select(h => $"\n{h.Name}: {h.Value}"))}"
        + $"{(Body is null ? "" : $"\n{Encoding.UTF8.GetString(Body.AsSpan(0, Math.Min(Body.Length, Shown)))}")}";
}
