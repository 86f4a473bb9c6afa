using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Azure.Cosmos;

namespace ChangeFeed.MassTransit.Tests.Processor;

/// <summary>What the embedded store can do to itself.</summary>
internal static class Management
{
    public static async Task SplitAsync(Store store, Container container, string range)
    {
        using var http = new HttpClient { BaseAddress = store.Client.Endpoint };
        using var response = await http.PostAsync(
            $"/_emulator/containers/{container.Database.Id}/{container.Id}/split/{range}", null, TestContext.Current.CancellationToken);
        response.EnsureSuccessStatusCode();
    }

    public static async Task FaultAsync(Store store, object rule)
    {
        using var http = new HttpClient { BaseAddress = store.Client.Endpoint };
        using var response = await http.PostAsJsonAsync("/_emulator/faults", rule, TestContext.Current.CancellationToken);
        response.EnsureSuccessStatusCode();
    }

    /// <summary>Request units spent on a container so far.</summary>
    public static async Task<double> SpentAsync(Container container)
    {
        using var http = new HttpClient { BaseAddress = container.Database.Client.Endpoint };
        var stats = await http.GetFromJsonAsync<JsonElement>("/_emulator/stats", TestContext.Current.CancellationToken);
        return stats.GetProperty("containers").EnumerateArray()
            .Single(entry => container.Id == entry.GetProperty("container").GetString())
            .GetProperty("requestUnits").GetDouble();
    }
}

/// <summary>A wire that can be cut: the process behind it is as good as dead, and cannot give anything back.</summary>
internal sealed class Wire(Wire? other = null) : RequestHandler
{
    private volatile bool _cut;

    public int GoneAnswers { get; private set; }

    /// <summary>Cuts this wire, and the other one of the same process.</summary>
    public void Cut()
    {
        _cut = true;
        other?.Cut();
    }

    public override async Task<ResponseMessage> SendAsync(RequestMessage request, CancellationToken cancellationToken)
    {
        if (_cut)
            throw new HttpRequestException("The wire is cut.");
        var response = await base.SendAsync(request, cancellationToken);
        if (response.StatusCode == System.Net.HttpStatusCode.Gone)
            GoneAnswers++;
        return response;
    }
}
