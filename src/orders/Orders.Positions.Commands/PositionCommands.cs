using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Orders.Positions.Commands;

/// <summary>Shows and moves the positions of services by customer care's API: the same roles, the same limits, and the same audit.</summary>
internal static class PositionCommands
{
    private const string Help = """
        dotnet run --project src/orders/Orders.Positions.Commands -- COMMAND SERVICE [options]
          show SERVICE       where it stands in each partition, what is saved, and the last move
          save SERVICE       keeps where it stands under --name
          rewind SERVICE     goes back to one of --name, --time, --event and --beginning
          skip SERVICE       goes on with what comes from now on
          finish SERVICE     completes a move that was interrupted; needs a --reason
        rewind and skip only say what they would do. To do it, type the same with --token of that answer and a --reason.
        options
          --name NAME        a saved position
          --time TIME        the first event of that second or later, such as 2026-11-27T12:00:00Z
          --event ORDER/N    event N of an order; only its partition is moved
          --beginning        the first event of all
          --partition P      only this partition
          --token TOKEN      what the dry run answered
          --reason WHY       kept, with your name
          --care ADDRESS     http://localhost:5102, or what CARE_ADDRESS says
        CARE_KEY has the key; to look needs the role reader, everything else operator.
        """;

    /// <param name="args">What was typed.</param>
    /// <param name="output">For answers.</param>
    /// <param name="error">For what is wrong.</param>
    /// <param name="care">A client of customer care; null for one of the address that was typed.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The exit code: 0 when it is done, 1 when not.</returns>
    public static async Task<int> RunAsync(string[] args, TextWriter output, TextWriter error, HttpClient? care, CancellationToken cancellationToken)
    {
        try
        {
            var options = CommandOptions.Parse(args);
            if (options.Command is "help" or "" || options.Service.Length == 0 && options.Command is "--help" or "-h")
            {
                await output.WriteLineAsync(Help);
                return 0;
            }

            if (options.Service.Length == 0)
                throw new PositionCommandException($"'{options.Command}' needs the name of a service; customer care lists them.");
            using var own = care is null ? new HttpClient { BaseAddress = options.Care } : null;
            await RunAsync(options, new CareClient(care ?? own!), output, cancellationToken);
            return 0;
        }
        catch (PositionCommandException e)
        {
            await error.WriteLineAsync(e.Message);
        }
        catch (Exception e) when (e is HttpRequestException or JsonException or OperationCanceledException)
        {
            await error.WriteLineAsync($"Customer care does not answer as it should: {e.Message}");
        }

        return 1;
    }

    private static Task RunAsync(CommandOptions options, CareClient care, TextWriter output, CancellationToken cancellationToken) => options.Command switch
    {
        "show" => ShowAsync(options, care, output, cancellationToken),
        "save" => SaveAsync(options, care, output, cancellationToken),
        "finish" => FinishAsync(options, care, output, cancellationToken),
        "rewind" or "skip" => MoveAsync(options, care, output, cancellationToken),
        _ => throw new PositionCommandException($"'{options.Command}' is not understood; help lists the commands."),
    };

    private static async Task ShowAsync(CommandOptions options, CareClient care, TextWriter output, CancellationToken cancellationToken)
    {
        var answer = await care.GetAsync($"/care/services/{Uri.EscapeDataString(options.Service)}/positions", cancellationToken);
        foreach (var p in answer["partitions"]!.AsArray())
            await output.WriteLineAsync(
                $"partition {p!["lease"]}: at {Position(p["position"])}, {p["behind"]} waiting, {Seconds(p["lagSeconds"])} behind; "
                + $"handled last: {Place(p["last"])}; comes next: {Place(p["next"])}");
        foreach (var saved in answer["saved"]!.AsArray())
            await output.WriteLineAsync($"saved: {saved!["name"]} by {saved["by"]} at {saved["at"]}{(saved["reason"] is { } why ? $": {why}" : "")}");
        if (answer["move"] is { } move)
            await output.WriteLineAsync(
                $"last moved to {move["target"]} by {move["by"]} at {move["at"]}: {move["reason"]}"
                + (move["finishedAt"] is null ? $"; not finished, its token is {move["operation"]}" : ""));
    }

    private static async Task SaveAsync(CommandOptions options, CareClient care, TextWriter output, CancellationToken cancellationToken)
    {
        var saved = await care.PostAsync(
            $"/care/services/{Uri.EscapeDataString(options.Service)}/positions",
            Body(("name", options["--name"] ?? throw new PositionCommandException("save needs --name NAME.")), ("reason", options["--reason"])),
            cancellationToken);
        await output.WriteLineAsync($"{options.Service} is saved as {saved["name"]}.");
    }

    private static async Task FinishAsync(CommandOptions options, CareClient care, TextWriter output, CancellationToken cancellationToken)
    {
        var move = await care.PostAsync(
            $"/care/services/{Uri.EscapeDataString(options.Service)}/positions/finish",
            Body(("reason", options["--reason"] ?? throw new PositionCommandException("finish needs a --reason, which is kept with your name."))),
            cancellationToken);
        await output.WriteLineAsync(Moved(options, move));
    }

    private static string Moved(CommandOptions options, JsonNode move) => move["finishedAt"] is null
        ? $"Not all partitions are moved yet: type finish {options.Service} --reason WHY."
        : $"{options.Service} goes on at {move["target"]}.";

    private static async Task MoveAsync(CommandOptions options, CareClient care, TextWriter output, CancellationToken cancellationToken)
    {
        var body = options.Command == "skip"
            ? Body(("partition", options["--partition"]))
            : Body(("name", options["--name"]), ("time", options["--time"]), ("event", options["--event"]), ("partition", options["--partition"]));
        if (options.Beginning && options.Command == "rewind")
            body["beginning"] = true;
        var token = options["--token"];
        if (token is not null)
        {
            body["dryRun"] = false;
            body["token"] = token;
            body["reason"] = options["--reason"] ?? throw new PositionCommandException("--token needs a --reason, which is kept with your name.");
        }

        var answer = await care.PostAsync($"/care/services/{Uri.EscapeDataString(options.Service)}/{options.Command}", body, cancellationToken);
        if (token is not null)
        {
            await output.WriteLineAsync(Moved(options, answer));
            return;
        }

        await output.WriteLineAsync($"{options.Service} would go on at {answer["target"]}.");
        foreach (var p in answer["partitions"]!.AsArray())
            await output.WriteLineAsync($"partition {p!["lease"]}: from {Position(p["from"])} to {Position(p["to"])}, {p["events"]} events");
        await output.WriteLineAsync($"handled again: {Tally(answer["again"]!)}");
        await output.WriteLineAsync($"never handled: {Tally(answer["skipped"]!)}");
        await output.WriteLineAsync($"{answer["effects"]}");
        await output.WriteLineAsync($"Nothing is done yet. To do exactly this: the same with --token {answer["token"]} --reason WHY");
    }

    private static JsonObject Body(params ReadOnlySpan<(string Name, string? Value)> fields)
    {
        var body = new JsonObject();
        foreach (var (name, value) in fields)
            if (value is not null)
                body[name] = value;
        return body;
    }

    private static string Position(JsonNode? position) => position?.ToString() ?? "the beginning";

    private static string Seconds(JsonNode? seconds) => string.Create(CultureInfo.InvariantCulture, $"{seconds!.GetValue<double>()} s");

    private static string Place(JsonNode? place) => place is null
        ? "nothing"
        : $"{place["type"] ?? "no event"} {place["streamId"]}/{place["version"]} of {place["at"]}";

    private static string Tally(JsonNode tally)
    {
        var events = tally["events"]!.GetValue<long>();
        if (events == 0)
            return "nothing";
        var types = string.Join(", ", tally["byType"]!.AsObject().Select(type => $"{type.Value} {type.Key}"));
        return $"{(tally["isComplete"]!.GetValue<bool>() ? "" : "more than ")}{events} events of {tally["streams"]} orders ({types}), "
            + $"written from {tally["first"]} to {tally["last"]}; reading them costs about {tally["requestUnits"]} request units";
    }
}
