using ChangeFeed.Projections;
using ChangeFeed.Projections.Writing;
using Microsoft.Extensions.Time.Testing;
using Orders.Contracts;
using Orders.ReadModels;
using Orders.Views.Denormalisation;
using Orders.Views.Projections;
using static Orders.Testing.OrderStream;

namespace Orders.Views.Tests.Denormalisation;

/// <summary>
/// An order is made while its customer is renamed. However the steps of both interleave, how long any of them takes and wherever the
/// view crashes: when the renaming is over and the event is handled, the order has the new name.
/// </summary>
public class NamingInterleavingTests
{
    private static readonly Reference Customer = new(ReferenceKind.Customer, "c-1001");

    [Fact]
    public void One_order_and_every_way_it_can_go() =>
        Interleaving.ExploreAll(run => Play(run, orders: 1, events: 1, redelivered: false, delays: 0)).ShouldBeGreaterThan(100);

    [Fact]
    public void Several_orders_that_are_delivered_again_after_crashes_and_lost_leases() =>
        Interleaving.ExploreSome(1000, run => Play(run, orders: 3, events: 2, redelivered: true, delays: 4));

    private static void Play(Interleaving run, int orders, int events, bool redelivered, int delays)
    {
        var clock = new FakeTimeProvider();
        var view = new InMemoryViewStore<OrderStatusDocument>();
        var name = new ReferenceName(ReferenceKind.Customer, "c-1001", "Ada", 1);

        Func<Func<Task>, Task> Views(int order)
        {
            return async turn =>
            {
                var names = new KnownNames(
                    async (reference, _) =>
                    {
                        if (reference != Customer)
                            return null;
                        await turn();
                        return name;
                    },
                    clock);
                var writer = new ViewWriter<OrderStatusDocument>(
                    new OrderStatusProjection(), new CachingViewStore<OrderStatusDocument>(new Gated(view, turn)), null!,
                    new Naming<OrderStatusDocument>(new OrderStatusProjection(), names));
                foreach (var e in Given(Placed(), Taxed()).Events.Take(events))
                    await writer.ApplyAsync([e with { StreamId = $"order-{order}" }], CancellationToken.None);
            };
        }

        for (var i = 0; i < orders; i++)
        {
            var order = i;
            var crash = run.Start(Views(order));
            if (!redelivered)
                continue;
            run.Perhaps(() =>
            {
                crash();
                run.Start(Views(order));
            });
            run.Perhaps(() => run.Start(Views(order)));
        }

        run.Start(async turn =>
        {
            await turn();
            name = name with { Name = "Ada King", Version = 2 };
            await turn();
            var seen = clock.GetTimestamp();
            await PassAsync();
            while (clock.GetElapsedTime(seen) < KnownNames.EverybodyKnows)
            {
                clock.Advance(KnownNames.MaxAge / 2);
                await turn();
            }

            await PassAsync();

            async Task PassAsync()
            {
                await turn();
                foreach (var found in view.Documents.ToList())
                {
                    var (key, standing) = (found.Key, ((OrderStatusDocument Document, string ETag)?)(found.Value.Document, $"{found.Value.ETag}"));
                    do
                    {
                        await turn();
                        if (await view.TryWriteAsync(
                            key, OrderNames.With(standing!.Value.Document, name), standing.Value.ETag, CancellationToken.None) is not null)
                            break;
                        standing = await view.ReadAsync(key, CancellationToken.None);
                    }
                    while (true);
                }
            }
        });
        for (var i = 0; i < delays; i++)
            run.Perhaps(() => clock.Advance(KnownNames.MaxAge * 0.6));
        run.Run();

        view.Documents.Count.ShouldBe(orders);
        view.Documents.Values.ShouldAllBe(d => d.Document.NameOf(Customer) == "Ada King");
    }

    private sealed class Gated(InMemoryViewStore<OrderStatusDocument> view, Func<Task> turn) : IViewStore<OrderStatusDocument>
    {
        public async Task<(OrderStatusDocument Document, string ETag)?> ReadAsync(ViewKey key, CancellationToken cancellationToken)
        {
            await turn();
            return await view.ReadAsync(key, cancellationToken);
        }

        public async Task<string?> TryWriteAsync(ViewKey key, OrderStatusDocument document, string? etag, CancellationToken cancellationToken)
        {
            await turn();
            var written = await view.TryWriteAsync(key, document, etag, cancellationToken);
            await turn(); // it is there, and the answer is on its way
            return written;
        }
    }
}
