using System.ComponentModel;
using ChangeFeed.MassTransit;
using ModelContextProtocol.Server;
using Orders.CustomerCare.Services;

namespace Orders.CustomerCare.Mcp;

/// <summary>Tells how the services stand.</summary>
internal sealed class ServiceTools(ServicesReader reader, ChangeFeedControls controls)
{
    public const string ServiceHelp = "Name of the service, as the tool services gives it.";

    [McpServerTool(Name = "services", Title = "How the services stand", ReadOnly = true, OpenWorld = false, UseStructuredContent = true)]
    [Description("Tells of every service that reads the events: whether it runs, how far behind it is, what is parked at it, whether it is paused.")]
    public async Task<ServicesAnswer> ServicesAsync(CancellationToken cancellationToken)
    {
        var snapshot = await reader.LatestAsync(cancellationToken) ?? await reader.ReadOnceAsync(cancellationToken);
        var paused = (await controls.AllAsync(cancellationToken)).Where(control => control.Paused).ToDictionary(control => control.Endpoint);
        return new ServicesAnswer(snapshot.At, [.. snapshot.Services.Select(s => ServiceAnswerOf(s, paused.GetValueOrDefault(s.Name)))]);
    }

    private static ToldService ServiceAnswerOf(ServiceStanding s, EndpointControl? pause) => new(
        s.Name, s.IsRunning, s.Instances.Count, s.Partitions.Count, s.Behind, s.LagSeconds, s.Rate, s.Parked,
        pause is null ? null : $"by {pause.By} since {pause.At.UtcDateTime:yyyy-MM-dd HH:mm} UTC: {Withheld.Addresses.From(pause.Reason)}",
        [.. s.Blocked.Select(b => $"event {b.Version} of {b.StreamId}, tried {b.Attempts} times: {Withheld.Addresses.From(b.Error)}")],
        Withheld.Addresses.From(s.KillSwitch),
        s.LastError is { } e ? $"{e.At.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC: {Withheld.Addresses.From(e.Message)}" : null);
}

/// <summary>What services answers.</summary>
internal sealed record ServicesAnswer(DateTimeOffset At, IReadOnlyList<ToldService> Services);

/// <summary>How one service stands.</summary>
internal sealed record ToldService(
    string Service,
    [property: Description("Whether anybody renews its leases.")] bool Running,
    int Instances,
    int Partitions,
    [property: Description("Transactions that wait for it; nearly always one event each.")] long Behind,
    [property: Description("Age of the oldest event that waits for it, in seconds, as far as known.")] double LagSeconds,
    [property: Description("Events it handles in a second; null when not known.")] double? Rate,
    [property: Description("Orders parked at it.")] int Parked,
    [property: Description("Who paused it and why; null when it is not paused.")] string? Paused,
    [property: Description("Events it cannot get past.")] IReadOnlyList<string> Blocked,
    [property: Description("Why it has stopped for a while by itself; null while it has not.")] string? KillSwitch,
    [property: Description("What went wrong last.")] string? LastError);
