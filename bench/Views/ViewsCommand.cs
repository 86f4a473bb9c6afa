using Bench.Harness;
using Bench.Subjects;

namespace Bench.Views;

/// <summary>The commands of the views, each a process that ends.</summary>
internal static class ViewsCommand
{
    /// <summary>Runs a command of the views to its end.</summary>
    /// <param name="connectionString">Which store.</param>
    /// <param name="line">How the line begins that is wanted; null for none.</param>
    /// <param name="deadline">How long it may take.</param>
    /// <param name="stop">Ends it.</param>
    /// <param name="arguments">The command.</param>
    /// <returns>The rest of the line that begins so.</returns>
    public static async Task<string> RunAsync(
        string connectionString, string? line, TimeSpan deadline, CancellationToken stop, params IReadOnlyList<string> arguments)
    {
        var (program, first) = Repository.Command("src/orders/Orders.Views");
        var environment = new Dictionary<string, string> { ["ConnectionStrings__cosmos"] = connectionString };
        await using var process = Child.Start($"views {arguments[0]}", program, [.. first, .. arguments], environment, line);
        using var late = CancellationTokenSource.CreateLinkedTokenSource(stop);
        late.CancelAfter(deadline);
        if (await process.ExitCodeAsync(late.Token) is not 0 and var code)
            throw new BenchException($"{process.Name} ended with exit code {code}. {process.LastLines}");
        return line is null ? "" : await process.ReadyAsync(TimeSpan.FromSeconds(5), stop);
    }
}
