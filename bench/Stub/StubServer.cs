using System.Net;
using Bench.Harness;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Bench.Stub;

/// <summary>
/// The floor: an endpoint that answers the unmodified SDK from memory, and a write only after one fdatasync per group of waiting writes.
/// What an endpoint costs above it is the price of being a store.
/// </summary>
internal static class StubServer
{
    public static async Task RunAsync(int port, int partitions, string? file, CancellationToken stop)
    {
        using var disk = file is null ? null : new GroupCommit(file);
        await using var app = await StartAsync(port, partitions, disk, stop);
        Role.SayReady(app.Urls.Single());
        await Role.UntilStoppedAsync(stop);
        await app.StopAsync(CancellationToken.None);
    }

    /// <summary>Starts it in this process.</summary>
    public static async Task<WebApplication> StartAsync(int port, int partitions, GroupCommit? disk, CancellationToken stop)
    {
        // Nothing that the embedded store does not set up as well, and nothing less.
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MinRequestBodyDataRate = null;
            kestrel.Limits.MinResponseDataRate = null;
            kestrel.Listen(IPAddress.Loopback, port, listen => listen.Protocols = HttpProtocols.Http1);
        });
        var app = builder.Build();
        app.Run(new StubApi(new StubAccount(partitions), disk).HandleAsync);
        await app.StartAsync(stop);
        return app;
    }
}
