using System.Text.Json;
using ChangeFeed.EventStore;
using ChangeFeed.EventStore.Cosmos;
using ChangeFeed.Projections;
using ChangeFeed.Projections.Verify;
using Microsoft.Azure.Cosmos;
using Microsoft.Extensions.DependencyInjection;
using Orders.Contracts;
using Orders.Domain;
using Orders.PersonalData;
using Orders.ReadModels;
using Orders.Views.Erasure;
using Orders.Views.Tests.Rebuild;
using static Orders.Testing.OrderStream;

namespace Orders.Views.Tests.Erasure;

public sealed class CustomerErasureTests : IAsyncLifetime
{
    private readonly ServiceOnStore<Program> _service = new()
    {
        Settings =
        {
            ["Cosmos:VersionRetention"] = "00:01:00",
            ["Erasure:MarkerLifetime"] = "00:00:02",
            ["Erasure:SettleTime"] = "00:00:00.5",
            ["Erasure:ObserveDeletes"] = "true",
            ["Erasure:ObserveInterval"] = "00:00:00.2",
        },
    };

    private readonly string _customer = $"c-{Guid.NewGuid():N}";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => await ((IAsyncLifetime)_service).InitializeAsync();

    public ValueTask DisposeAsync() => _service.DisposeAsync();

    [Fact]
    public async Task Erased_orders_are_marked_in_the_views_and_go_away_which_is_kept_as_an_audit_record()
    {
        var orders = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => PlaceAsync()));
        var other = await _service.AppendAsync(Placed() with { CustomerId = "somebody else" }, Taxed());
        await ShownAsync(orders[0], "order-status", orders[0], document => document.Version == 1);
        // The feed of deletions begins when it is first looked at: it has to have seen something before anything expires.
        await Eventually.UntilAsync(async () =>
        {
            await _service.AppendToAsync(other, Captured());
            return await LeasesAsync("deletions-order-status:") > 0 && await LeasesAsync("deletions-customer-orders:") > 0;
        });

        // As the orders API does; the rest follows by the change feed of customers.
        await _service.Database.Get(ReferenceContainers.Customers).UpsertItemAsync(
            new CustomerDocument(_customer, 1, PersonalFields.Erased, DateTimeOffset.UtcNow, ErasedAt: DateTimeOffset.UtcNow), new PartitionKey(_customer),
            cancellationToken: Stop);

        foreach (var order in orders)
        {
            await ShownAsync(order, "order-status", order, document => document is { ErasedAt: not null, Ttl: 2, Version: 2 });
            await ShownAsync(order, "customer-orders", _customer, document => document is { ErasedAt: not null, Ttl: 2, Version: 2 });
        }

        var records = new List<DeletionDocument>();
        await Eventually.UntilAsync(async () => (records = await RecordsAsync()).Count == 6);
        records.Select(r => (r.Container, r.OrderId)).ShouldBe(
            orders.SelectMany(order => new[] { ("order-status", order), ("customer-orders", order) }), ignoreOrder: true);
        records.ShouldAllBe(r => r.Version == 2 && r.CustomerId == _customer && r.DeletedAt >= r.ErasedAt);
        (await ReadAsync<OrderStatusDocument>(_service.Database.Get(ViewContainers.OrderStatus), other, other)).ShouldNotBeNull().ErasedAt.ShouldBeNull();

        // What is gone is as it should be.
        (await new Verifier(_service.Database.ViewDatabase, _service.Services.GetRequiredService<EventSource>(), TimeProvider.System, new RecordedProgress())
            .RunAsync(AllViews.List, Stop)).Differences.ShouldBeEmpty();
    }

    [Fact]
    public async Task An_erasure_that_is_run_again_after_a_crash_marks_what_is_left_and_nothing_twice()
    {
        var (first, second) = (await PlaceAsync(), await PlaceAsync());
        using (var crash = new CancellationTokenSource())
        {
            var crashed = EraseAsync(crash.Token);
            await _service.StreamEndingWithAsync<PersonalDataErased>(first);
            await crash.CancelAsync();
            await Should.ThrowAsync<OperationCanceledException>(crashed);
        }

        // Placed by somebody who had the key before it was dropped.
        var late = await _service.AppendAsync(Placed() with { CustomerId = _customer });
        await Task.WhenAll(EraseAsync(), EraseAsync());
        await EraseAsync();

        foreach (var order in new[] { first, second, late })
            (await _service.StreamEndingWithAsync<PersonalDataErased>(order)).Count(e => e.Data is PersonalDataErased).ShouldBe(1);
        var record = await ReadAsync<ErasureDocument>(_service.Database.Get(ErasureContainers.Erasures), ErasureDocument.Document, _customer);
        (record!.Orders, record.DoneAt is null).ShouldBe((3, false));
    }

    [Fact]
    public async Task An_order_with_an_event_nobody_can_read_is_erased_too()
    {
        var order = await PlaceAsync();
        using (var body = new MemoryStream(JsonSerializer.SerializeToUtf8Bytes(new { id = "2", streamId = order, version = 2, type = "Unheard", schema = 9 })))
            (await _service.Database.Events.CreateItemStreamAsync(body, new PartitionKey(order), cancellationToken: Stop)).EnsureSuccessStatusCode();

        await EraseAsync();

        (await ReadAsync<JsonElement?>(_service.Database.Events, "3", order)).ShouldNotBeNull().GetProperty("type").GetString()
            .ShouldBe(nameof(PersonalDataErased));
    }

    [Theory]
    [InlineData("MarkerLifetime", "00:00:00", "Erasure:MarkerLifetime must be between one second and 68 years, for example 30.00:00:00.")]
    [InlineData("SettleTime", "01:00:00", "Erasure:SettleTime must be between 00:00:00 and 00:05:00.")]
    [InlineData("ObserveInterval", "00:00:00", "Erasure:ObserveInterval must be longer than zero and at most 01:00:00.")]
    public void A_wrong_setting_is_named(string name, string value, string sentence)
    {
        var options = new ErasureOptions();
        typeof(ErasureOptions).GetProperty(name)!.SetValue(options, TimeSpan.Parse(value, System.Globalization.CultureInfo.InvariantCulture));
        new ErasureOptionsValidation().Validate(null, options).FailureMessage.ShouldBe(sentence);
    }

    private async Task<string> PlaceAsync()
    {
        var personal = _service.Services.GetRequiredService<PersonalDataProtector>();
        return await _service.AppendAsync(await personal.SealAsync(Placed() with { CustomerId = _customer }, Stop), Taxed());
    }

    private Task EraseAsync(CancellationToken? cancellationToken = null) =>
        _service.Services.GetRequiredService<CustomerErasure>().RunAsync(_customer, DateTimeOffset.UtcNow, cancellationToken ?? Stop);

    private Task ShownAsync(string order, string view, string partition, Func<OrderStatusDocument, bool> holds) =>
        Eventually.UntilAsync(async () =>
            await ReadAsync<OrderStatusDocument>(_service.Database.View(view, 1), order, partition) is { } document && holds(document));

    private async Task<int> LeasesAsync(string prefix)
    {
        var leases = await _service.Database.Leases.QueryAsync(
            new QueryDefinition("SELECT * FROM c WHERE STARTSWITH(c.id, @prefix)").WithParameter("@prefix", prefix),
            lease => lease.TryGetProperty("ContinuationToken", out var token) && token.ValueKind != JsonValueKind.Null, cancellationToken: Stop);
        return leases.Count(hasPosition => hasPosition);
    }

    private async Task<List<DeletionDocument>> RecordsAsync()
    {
        using var pages = _service.Database.Get(ErasureContainers.Erasures).GetItemQueryIterator<DeletionDocument>(
            new QueryDefinition("SELECT * FROM c WHERE STARTSWITH(c.id, @prefix)").WithParameter("@prefix", DeletionDocument.IdPrefix),
            requestOptions: new QueryRequestOptions { PartitionKey = new PartitionKey(_customer) });
        return [.. await pages.ReadNextAsync(Stop)];
    }

    private static async Task<T?> ReadAsync<T>(Container container, string id, string partition)
    {
        try
        {
            return (await container.ReadItemAsync<T>(id, new PartitionKey(partition), cancellationToken: Stop)).Resource;
        }
        catch (CosmosException e) when (e.StatusCode == System.Net.HttpStatusCode.NotFound)
        {
            return default;
        }
    }
}
