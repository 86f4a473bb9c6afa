using ChangeFeed.Sinks;
using Microsoft.Extensions.Logging.Abstractions;
using Orders.Cache;
using Orders.Contracts;
using Orders.ReadModels;
using Orders.Sinks.Tests.Support;
using Orders.Testing;

namespace Orders.Sinks.Tests;

/// <summary>What the server of the cache has on disk, where nothing is taken out of a log again.</summary>
public sealed class CacheFilesTests
{
    private const string Name = "Rumpelstiltskin";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task No_name_of_a_customer_reaches_the_files_of_Garnet()
    {
        await using var server = new GarnetCache();
        await NoNameReachesAsync(server);
    }

    [Fact]
    public async Task No_name_of_a_customer_reaches_the_files_of_Redis()
    {
        Assert.SkipUnless(RedisServer.Program is not null, "There is no redis-server on the PATH; .ci/run installs it.");
        await using var server = new RedisServer();
        await NoNameReachesAsync(server);
    }

    private static async Task NoNameReachesAsync(CacheServer server)
    {
        var options = new CacheOptions { Patience = TimeSpan.FromSeconds(5) };
        var stream = OrderStream.Given(OrderStream.Placed(sku: "KB-4711"), OrderStream.Taxed(), new PersonalDataErased(60));
        var order = OrderStatusDocument.Fold(stream.Events[..1])! with
        {
            Names = [new ReferenceName(ReferenceKind.Customer, "c-1001", Name, 1)],
        };
        await server.StartAsync();
        await using (var connection = server.Connect())
        {
            var cache = new OrderCache(connection, options, TimeProvider.System, NullLogger<OrderCache>.Instance);
            var sink = new RedisOrderSink(connection, options, generation: 1);
            await cache.FillAsync(order, Stop);
            await WriteAsync(sink, OrderStatusDocument.Fold(stream.Events[..2])! with { Names = order.Names });
            var answered = await cache.FindAsync(order.Id, Stop);
            answered!.NameOf(new(ReferenceKind.Customer, "c-1001")).ShouldBe(Name);

            await WriteAsync(sink, OrderStatusDocument.Fold(stream.Events)!);
            (await cache.FindAsync(order.Id, Stop)).ShouldBeNull();
        }

        await server.StopAsync();
        var files = await server.FilesAsync();
        files.ShouldContain(text => text.Contains("KB-4711")); // what is written can be found like this
        files.ShouldAllBe(text => !text.Contains(Name));
    }

    private static Task WriteAsync(RedisOrderSink sink, OrderStatusDocument order) =>
        sink.WriteAsync([new SinkDocument<OrderStatusDocument>(order.Id, order.Version, order.ErasedAt is null ? order : null)], Stop);
}
