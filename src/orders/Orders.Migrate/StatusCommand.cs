using System.Globalization;
using ChangeFeed.Migration;
using ChangeFeed.Migration.Plan;

namespace Orders.Migrate;

/// <summary>Shows how far migrations are. The rate is that between two looks, and what remains is reckoned from it.</summary>
/// <param name="output">Where.</param>
internal sealed class StatusCommand(TextWriter output)
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    public async Task<int> RunAsync(Migrations migrations, bool watch, CancellationToken cancellationToken)
    {
        var names = await migrations.NamesAsync(cancellationToken);
        if (names.Count == 0)
            throw new MigrationException("There is no migration; 'plan' begins one.");
        var before = await LookAsync(migrations, names, cancellationToken);
        do
        {
            await Task.Delay(Pause, TimeProvider.System, cancellationToken);
            var now = await LookAsync(migrations, names, cancellationToken);
            foreach (var ((name, earlier), (_, status)) in before.Zip(now))
                await output.WriteLineAsync(Line(name, earlier, status));
            before = now;
        }
        while (watch);
        return 0;
    }

    private static async Task<IReadOnlyList<(string Name, MigrationStatus Status)>> LookAsync(
        Migrations migrations, IReadOnlyList<string> names, CancellationToken cancellationToken) =>
        await Task.WhenAll(names.Select(async name => (name, await migrations.Of(name).StatusAsync(cancellationToken))));

    private static string Line(string name, MigrationStatus before, MigrationStatus now)
    {
        var (read, written) = (now.Ranges.Sum(r => r.Read), now.Ranges.Sum(r => r.Written));
        var rate = before.Plan.Generation == now.Plan.Generation ? Math.Max(0, read - before.Ranges.Sum(r => r.Read)) / Pause.TotalSeconds : 0;
        var copying = now.Ranges.Where(r => r.Phase == RangePhase.Copy).ToList();
        var owners = now.Ranges.Select(r => r.Owner).OfType<string>().Distinct().Count();
        var text = string.Create(
            CultureInfo.InvariantCulture,
            $"{name}: {now.Plan.State.ToString().ToLowerInvariant()}, {now.Directory.Serving} serves in epoch {now.Directory.Epoch}; "
            + $"to {now.Plan.Target}: {read} read, {written} written, {now.Ranges.Sum(r => r.Deleted)} deleted, {rate:0}/s, "
            + $"{now.Ranges.Sum(r => r.Charge):0} RU, {owners} runs");
        if (now.IsCurrent)
            text += "; follows";
        else if (copying.Count > 0 && rate > 0)
            text += $"; about {TimeSpan.FromSeconds(Math.Ceiling(Math.Max(0, now.Documents - read) / rate)):c} to copy";
        if (now.Ranges.Sum(r => r.Foreign) is > 0 and var foreign)
            text += $"; {foreign} documents there are somebody else's";
        return now.Ranges.FirstOrDefault(r => r.Problem is not null) is { } stuck ? $"{text}; does not go on: {stuck.Problem}" : text;
    }
}
