using System.Runtime.CompilerServices;
using Orders.Views.Recipe;
using static TestSupport.OrderStream;

namespace Orders.Views.Tests.Recipe;

public sealed class RecipeTests
{
    [Fact]
    public void The_code_of_the_recipe_is_the_code_that_is_compiled_here()
    {
        var recipe = File.ReadAllText(Path.Combine(Here(), "..", "..", "..", "..", "docs", "adding-a-view.md"));
        var code = File.ReadAllText(Path.Combine(Here(), "DeclinedPaymentsProjection.cs"));

        recipe.ReplaceLineEndings("\n").ShouldContain($"```csharp\n{code.ReplaceLineEndings("\n")}```");
    }

    [Fact]
    public async Task The_view_of_the_recipe_works()
    {
        var stream = Given(Placed(), Taxed(), new Contracts.PaymentDeclined(default, "insufficient funds", "USD", 106.29m)).Events;
        var view = new MemoryContainer<DeclinedPayment>();
        var writer = new ViewWriter<DeclinedPayment>(
            new DeclinedPaymentsProjection(), view, (_, from, to, _) => stream.Where(e => e.Version >= from && e.Version <= to).ToAsyncEnumerable());

        foreach (var e in stream)
            await writer.ApplyAsync([e], TestContext.Current.CancellationToken);

        view.Documents[new ViewKey("c-1001", OrderId)].Document
            .ShouldBe(new DeclinedPayment(OrderId, "c-1001", 2, "insufficient funds", 106.29m));
    }

    private static string Here([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;
}
