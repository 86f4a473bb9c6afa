using System.Runtime.CompilerServices;
using ChangeFeed.Sinks.Testing;

namespace Orders.Sinks.Tests.Recipe;

/// <summary>The sink of docs/adding-a-sink.md, through the suite as the page says.</summary>
public sealed class OrderFilesConformanceTests : SinkConformance
{
    protected override Task<SinkOutside> StartOutsideAsync() => Task.FromResult<SinkOutside>(new FilesOutside());
}

/// <summary>The page shows the code that is compiled and run here.</summary>
public sealed class RecipeTests
{
    [Fact]
    public async Task The_page_shows_the_class_that_is_run_here()
    {
        var page = await ReadAsync(Path.Combine(Here(), "..", "..", "..", "..", "docs", "adding-a-sink.md"));

        page.ShouldContain((await ReadAsync(Path.Combine(Here(), "OrderFiles.cs"))).Replace("Orders.Sinks.Tests.Recipe", "Orders.Sinks.Files").TrimEnd());
        page.ShouldContain((await ReadAsync(Path.Combine(Here(), "FilesOutside.cs"))).Split("// begin\n")[1].Split("    // end")[0].TrimEnd());
    }

    private static async Task<string> ReadAsync(string path) =>
        (await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken)).ReplaceLineEndings("\n");

    private static string Here([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;
}
