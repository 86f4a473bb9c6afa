using Orders.Contracts;
using Orders.ReadModels;
using Orders.Views.Projections;
using static Orders.Testing.OrderStream;

namespace Orders.Views.Tests.Search;

public class SearchProjectionTests
{
    private static readonly SearchProjection Projection = new();

    [Fact]
    public void An_order_is_found_by_its_articles_its_shipment_and_the_words_of_reasons()
    {
        Terms(Placed(sku: "KB-01")).ShouldBe(["sku:kb-01@0"]);
        Terms(Placed(), Taxed(), Captured(), Shipped()).ShouldBe(["sku:kb-01@0", "tracking:sp1@3"]);
        Terms(Placed(), new OrderCancelled("Changed my mind, changed it!")).ShouldBe(["sku:kb-01@0", "word:changed@1", "word:mind@1"]);
        Terms(Placed(), Taxed(), new PaymentDeclined(DeclineCode.InsufficientFunds, "insufficient funds", "USD", 1))
            .ShouldBe(["sku:kb-01@0", "word:insufficient@2", "word:funds@2"]);
    }

    [Fact]
    public void What_is_there_at_one_version_is_there_at_all_later_ones_and_marked_once_the_customer_is_erased()
    {
        var documents = Documents(Placed(), Cancelled(), new PersonalDataErased(60), new NoticeDropped(NoticeKind.Cancelled, "the customer was erased"));

        documents.ShouldAllBe(d => d.Ttl == 60 && d.ErasedAt != null);
        documents.Select(d => $"{d.Term}@{d.Version}")
            .ShouldBe(["sku:kb-01@2", "word:changed@2", "word:mind@2", "word:the@3", "word:customer@3", "word:was@3", "word:erased@3"]);
    }

    [Fact]
    public void Events_that_concern_no_document_change_none()
    {
        object[] all =
            [Placed(), Taxed(), Captured(), Shipped(), Rejected(), Cancelled(), Refunded(), new PersonalDataErased(60),
            new NoticeDropped(NoticeKind.Shipped, "gone")];
        var before = Given(Placed());
        foreach (var data in all.Skip(1))
        {
            var stream = Given(Placed(), data);
            var changes = !Documents(Placed(), data).SequenceEqual(Documents(Placed()));
            (changes && !Projection.Concerns(stream.Last)).ShouldBeFalse(data.GetType().Name);
        }

        Projection.Concerns(Given(Placed(), Taxed()).Last).ShouldBeFalse();
        Projection.Concerns(before.Last).ShouldBeTrue();
    }

    [Theory]
    [InlineData("", "")]
    [InlineData("a bc", "")]
    [InlineData("Too-late; TOO slow", "too late slow")]
    [InlineData("Größe 42 war falsch", "größe war falsch")]
    public void Words_are_letters_and_digits_each_once(string text, string words) => string.Join(' ', SearchTerms.Words(text)).ShouldBe(words);

    private static string[] Terms(params object[] events) => [.. Documents(events).Select(d => $"{d.Term}@{d.Version}")];

    private static List<SearchDocument> Documents(params object[] events) =>
        [.. Projection.Documents(Given(events).Events.Aggregate(default(SearchState), Projection.Apply)!).Select(d => d.Document)];
}
