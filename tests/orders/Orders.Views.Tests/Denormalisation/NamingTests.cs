using ChangeFeed.Projections;
using ChangeFeed.Projections.Writing;
using Microsoft.Extensions.Time.Testing;
using Orders.Contracts;
using Orders.ReadModels;
using Orders.Views.Denormalisation;
using Orders.Views.Projections;
using static Orders.Testing.OrderStream;

namespace Orders.Views.Tests.Denormalisation;

/// <summary>Documents that are made have their names.</summary>
public class NamingTests
{
    private static readonly ViewKey Key = ViewKey.ById(OrderId);
    private static readonly Reference Customer = new(ReferenceKind.Customer, "c-1001");
    private static readonly Reference Product = new(ReferenceKind.Product, "KB-01");

    private readonly OrderStream _stream = Given(Placed(), Taxed(), Cancelled());
    private readonly InMemoryViewStore<OrderStatusDocument> _view = new();
    private readonly FakeTimeProvider _time = new();
    private readonly Dictionary<Reference, ReferenceName> _names = [];
    private readonly List<Reference> _asked = [];

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private OrderStatusDocument Document => _view.Documents[Key].Document;

    private ViewWriter<OrderStatusDocument> Writer(Func<Task>? beforeAnswer = null) => new(
        new OrderStatusProjection(), _view, (_, from, to, _) => _stream.Events[(int)from..(int)(to + 1)].ToAsyncEnumerable(),
        new Naming<OrderStatusDocument>(new OrderStatusProjection(), new KnownNames(
            async (reference, _) =>
            {
                _asked.Add(reference);
                var name = _names.GetValueOrDefault(reference);
                if (beforeAnswer is not null)
                    await beforeAnswer();
                return name;
            },
            _time)));

    private void Call(Reference reference, string name, long version) => _names[reference] = new(reference.Kind, reference.Id, name, version);

    [Fact]
    public async Task A_document_is_made_with_its_names_in_one_write()
    {
        Call(Customer, "Ada", 3);

        await Writer().ApplyAsync([_stream.Events[0]], Stop);

        (Document.NameOf(Customer), Document.NameOf(Product), _view.Writes).ShouldBe(("Ada", null, 1));
    }

    [Fact]
    public async Task Later_events_ask_for_nothing_and_keep_the_names()
    {
        Call(Product, "Keyboard 2", 1);
        var writer = Writer();
        await writer.ApplyAsync([_stream.Events[0]], Stop);
        _asked.Clear();

        await writer.ApplyAsync([_stream.Events[1]], Stop);

        _asked.ShouldBeEmpty();
        Document.NameOf(Product).ShouldBe("Keyboard 2");
    }

    [Fact]
    public async Task Two_views_that_make_a_document_at_the_same_time_ask_once()
    {
        var writer = Writer();
        await writer.ApplyAsync([_stream.Events[0]], Stop);
        _view.Documents.Clear();
        await writer.ApplyAsync([_stream.Events[0]], Stop);

        _asked.ShouldBe([Customer, Product], ignoreOrder: true);
    }

    [Fact]
    public async Task Names_that_were_old_when_the_document_was_there_are_asked_for_again()
    {
        Call(Customer, "Ada", 3);
        var answered = false;
        var writer = Writer(() =>
        {
            if (!answered)
                _time.Advance(KnownNames.MaxAge);
            answered = true;
            Call(Customer, "Ada King", 4);
            return Task.CompletedTask;
        });

        await writer.ApplyAsync([_stream.Events[0]], Stop);

        Document.NameOf(Customer).ShouldBe("Ada King");
    }

    [Fact]
    public async Task Who_crashed_before_he_was_sure_of_the_names_is_sure_after_the_event_is_delivered_again()
    {
        await new ViewWriter<OrderStatusDocument>(new OrderStatusProjection(), _view, null!).ApplyAsync([_stream.Events[0]], Stop);
        Call(Customer, "Ada", 3);

        await Writer().ApplyAsync([_stream.Events[0]], Stop);

        Document.NameOf(Customer).ShouldBe("Ada");
    }

    [Fact]
    public async Task An_order_that_has_ended_when_the_view_gets_to_see_it_needs_no_names()
    {
        await Writer().ApplyAsync(_stream.Events, Stop);

        _asked.ShouldBeEmpty();
    }

    [Fact]
    public async Task What_could_not_be_asked_is_asked_again()
    {
        var writer = Writer(() => _asked.Count < 3 ? throw new IOException("no answer") : Task.CompletedTask);

        await Should.ThrowAsync<IOException>(() => writer.ApplyAsync([_stream.Events[0]], Stop));
        Call(Customer, "Ada", 3);
        await writer.ApplyAsync([_stream.Events[0]], Stop);

        Document.NameOf(Customer).ShouldBe("Ada");
    }
}
