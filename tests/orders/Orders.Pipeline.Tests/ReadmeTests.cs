using System.Diagnostics;
using System.Text.RegularExpressions;

namespace Orders.Pipeline.Tests;

/// <summary>The commands of the README, as they stand there, by the shell against the running system.</summary>
[Collection(nameof(SharedPipeline))]
public sealed partial class ReadmeTests(SharedPipeline shared)
{
    private readonly RunningPipeline _pipeline = shared.Pipeline;

    [Fact]
    public async Task The_order_of_the_README_is_placed_and_ends_as_the_README_says()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The README's commands are for a Unix shell.");
        var readme = await File.ReadAllTextAsync(Path.Combine(RunningPipeline.RepositoryRoot, "README.md"), TestContext.Current.CancellationToken);
        var blocks = ShellBlocks().Matches(readme).Select(block => block.Groups["code"].Value).ToList();
        blocks.Count.ShouldBe(2);

        var answer = await ShellAsync(blocks[0]);
        answer.ShouldContain("201 Created");
        var id = Location().Match(answer).Groups["id"].Value;
        id.ShouldNotBeEmpty(answer);
        await _pipeline.EndedAsync(id);

        var lines = blocks[1].Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Replace("{id}", id, StringComparison.Ordinal)).ToList();
        lines.Count.ShouldBe(3);
        (await ShellAsync(lines[0])).ShouldContain("\"status\":\"Completed\"");
        var events = await ShellAsync(lines[1]);
        lines[1].Split('#')[1].Split(',', StringSplitOptions.TrimEntries).ShouldAllBe(type => events.Contains($"\"{type}\""));
        (await ShellAsync(lines[2])).ShouldNotBeEmpty();
    }

    /// <summary>Runs a command where the README is read, but for ports and data directory, which are this system's own.</summary>
    private async Task<string> ShellAsync(string command)
    {
        command = command
            .Replace("http://localhost:5101/", _pipeline.Orders.BaseAddress!.ToString(), StringComparison.Ordinal)
            .Replace("http://localhost:5102/", _pipeline.Care.BaseAddress!.ToString(), StringComparison.Ordinal)
            .Replace(".data/", $"{_pipeline.DataDirectory}/", StringComparison.Ordinal);
        using var shell = Process.Start(new ProcessStartInfo("bash", ["-euc", command]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var errors = shell.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        var output = await shell.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await shell.WaitForExitAsync(TestContext.Current.CancellationToken);
        shell.ExitCode.ShouldBe(0, $"{command}{Environment.NewLine}{await errors}");
        return output;
    }

    [GeneratedRegex("""^```bash\n(?<code>.*?)^```""", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex ShellBlocks();

    [GeneratedRegex("""^Location: /orders/(?<id>\S+)""", RegexOptions.Multiline | RegexOptions.IgnoreCase)]
    private static partial Regex Location();
}
