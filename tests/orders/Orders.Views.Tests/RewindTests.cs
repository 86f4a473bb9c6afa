using System.Text.Json;
using System.Text.Json.Nodes;
using ChangeFeed.EventStore.Cosmos;
using ChangeFeed.MassTransit;
using Microsoft.Azure.Cosmos;
using Orders.ReadModels;
using static Orders.Testing.OrderStream;

namespace Orders.Views.Tests;

/// <summary>The views, statistics among them, are handed every event a second time.</summary>
public sealed class RewindTests : IClassFixture<ServiceOnStore<Program>>
{
    private static readonly string[] Views = [ViewNames.OrderStatus, ViewNames.CustomerOrders, ViewNames.Search, ViewNames.Statistics];

    private static readonly string[] NoViews = ["events", "leases", "dead-letters", "controls", "views"];

    private readonly ServiceOnStore<Program> _service;

    public RewindTests(ServiceOnStore<Program> service)
    {
        _service = service;
        service.Settings["ChangeFeed:LeaseRenewInterval"] = "00:00:00.500";
        service.Settings["ChangeFeed:LeaseExpirationInterval"] = "00:00:02";
        service.Settings["ChangeFeed:LeaseAcquireInterval"] = "00:00:00.300";
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private EndpointPositions Positions => new(_service.Database.Leases, _service.Database.Controls, TimeProvider.System, _service.Database.Events);

    [Fact]
    public async Task Views_that_are_moved_back_to_the_beginning_are_what_they_were()
    {
        for (var i = 0; i < 5; i++)
        {
            var id = await _service.AppendAsync(Placed(), Taxed(), Captured());
            await _service.AppendToAsync(id, Shipped());
            await _service.AppendAsync(Placed(), Cancelled());
        }

        foreach (var view in Views)
            await Eventually.UntilAsync(async () => await Positions.ReadAsync(view, Stop) is { } all && all.All(p => p.Next is null), $"{view} is up to date");
        var before = await DocumentsAsync();

        foreach (var view in Views)
        {
            var plan = (await Positions.PlanAsync(view, PositionTarget.Beginning, Stop))!;
            plan.Again.Events.ShouldBe(30, view);
            await Positions.MoveAsync(view, plan.Target, plan.Token, "ada", "a test", Stop);
        }

        foreach (var view in Views)
            await Eventually.UntilAsync(async () => (await Positions.ReadAsync(view, Stop))!.All(p => p.Next is null), $"{view} has handled everything again");
        before.Count.ShouldBeGreaterThan(Views.Length);
        (await DocumentsAsync()).ShouldBe(before);
    }

    private async Task<SortedDictionary<string, string>> DocumentsAsync()
    {
        var found = new SortedDictionary<string, string>(StringComparer.Ordinal);
        using var pages = _service.Database.Events.Database.GetContainerQueryIterator<JsonElement>();
        while (pages.HasMoreResults)
            foreach (var name in (await pages.ReadNextAsync(Stop)).Select(container => container.GetProperty("id").GetString()!).Except(NoViews))
                await foreach (var document in _service.Database.Events.Database.GetContainer(name)
                    .QueryAsync(new QueryDefinition("SELECT * FROM c"), null, Stop))
                    found[$"{name}/{document.GetProperty("_rid")}"] = WithoutSystemProperties(document);
        return found;
    }

    private static string WithoutSystemProperties(JsonElement document)
    {
        var json = JsonObject.Create(document.Clone())!;
        foreach (var name in json.Select(property => property.Key).Where(name => name.StartsWith('_')).ToList())
            json.Remove(name);
        return json.ToJsonString();
    }
}
