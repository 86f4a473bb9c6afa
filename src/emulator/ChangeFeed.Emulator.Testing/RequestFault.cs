using System.Net;

namespace ChangeFeed.Emulator.Testing;

/// <summary>What goes wrong with requests: they are refused, delayed, or both. What is not set matches every request.</summary>
public sealed record RequestFault
{
    /// <summary>The status they are answered with, from 400 to 599; null only delays them.</summary>
    public HttpStatusCode? Status { get; init; }

    /// <summary>The sub-status that goes with it, as in 410/1002.</summary>
    public int SubStatus { get; init; }

    /// <summary>The share of matching requests it happens to, from 0 to 1.</summary>
    public double Probability { get; init; } = 1;

    /// <summary>Only requests of this method.</summary>
    public HttpMethod? Method { get; init; }

    /// <summary>Only requests whose path contains this text, as <c>/colls/orders/docs</c>.</summary>
    public string? Path { get; init; }

    /// <summary>How often at most; null is without end.</summary>
    public int? Count { get; init; }

    /// <summary>How long they wait before they are answered; whole milliseconds.</summary>
    public TimeSpan Delay { get; init; }

    /// <summary>When the client is told to try again; whole milliseconds.</summary>
    public TimeSpan? RetryAfter { get; init; }
}
