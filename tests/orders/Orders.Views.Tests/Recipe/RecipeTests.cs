using System.Reflection;
using System.Runtime.CompilerServices;
using ChangeFeed.Projections;
using ChangeFeed.Projections.Verify;
using ChangeFeed.Projections.Versions;
using ChangeFeed.Projections.Writing;
using ChangeFeed.ServiceDefaults;
using Microsoft.Extensions.DependencyInjection;
using Orders.Contracts;
using Orders.ReadModels;
using Orders.Views.Projections;
using static Orders.Testing.OrderStream;

namespace Orders.Views.Tests.Recipe;

public sealed class RecipeTests(RecipeService service) : IClassFixture<RecipeService>
{
    private static readonly PaymentDeclined Declined = new(default, "insufficient funds", "USD", 106.29m);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public void Every_code_block_of_the_recipe_is_code_that_is_compiled_here()
    {
        var compiled = string.Concat(
            new[] { "DeclinedPaymentsProjection.cs", "RecipeSteps.cs", "RecipeContainers.cs" }.Select(file => Read(Path.Combine(Here(), file))));
        var blocks = Read(Path.Combine(Here(), "..", "..", "..", "..", "docs", "adding-a-view.md")).Split("```")
            .Where((_, i) => i % 2 == 1)
            .Select(block => block[(block.IndexOf('\n') + 1)..].TrimEnd('\n'))
            .ToList();

        blocks.Count.ShouldBe(3);
        blocks.ShouldAllBe(block => compiled.Contains(block));
    }

    [Fact]
    public void The_line_for_the_container_fits_where_the_recipe_puts_it() => Maker(typeof(ViewContainers)).ShouldBe(Maker(typeof(RecipeContainers)));

    [Fact]
    public async Task The_projection_of_the_recipe_works_without_a_store()
    {
        var stream = Given(Placed(), Taxed(), Declined).Events;
        var view = new InMemoryViewStore<DeclinedPayment>();
        var writer = new ViewWriter<DeclinedPayment>(
            new DeclinedPaymentsProjection(), view, (_, from, to, _) => stream.Where(e => e.Version >= from && e.Version <= to).ToAsyncEnumerable());

        foreach (var e in stream)
            await writer.ApplyAsync([e], Stop);

        view.Documents[new ViewKey("c-1001", OrderId)].Document
            .ShouldBe(new DeclinedPayment(OrderId, "c-1001", 2, "insufficient funds", 106.29m));
    }

    [Fact]
    public async Task The_service_keeps_the_view_of_the_recipe_which_can_be_read_and_verified()
    {
        var id = await service.AppendAsync(Placed(), Taxed(), Declined);

        DeclinedPayment? document = null;
        await Eventually.UntilAsync(async () =>
        {
            document = await service.Services.GetRequiredService<ViewReader>().ReadAsync(
                "declined-payments", "c-1001", id, RecipeJson.Default.DeclinedPayment, d => d.Version, Stop);
            return document?.Version == 2;
        });
        document.ShouldBe(new DeclinedPayment(id, "c-1001", 2, "insufficient funds", 106.29m));

        var verified = await new Verifier(
            service.Services.GetRequiredService<ViewDatabase>(), service.Services.GetRequiredService<EventSource>(), TimeProvider.System,
            new RecordedProgress())
            .RunAsync([RecipeSteps.Views.Single(v => v.Name == "declined-payments")], Stop);
        (verified.Documents, verified.Differences.Count).ShouldBe((1, 0));
    }

    private static string Read(string file) => File.ReadAllText(file).ReplaceLineEndings("\n");

    private static string Here([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;

    private static string Maker(Type owner) => owner.GetMethod("View", BindingFlags.NonPublic | BindingFlags.Static)!.ToString()!;
}
