using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using Bench.Harness;
using Bench.Subjects;
using Npgsql;

namespace Bench.Pipeline.Peers;

/// <summary>The same pipeline on Marten, Wolverine and a PostgreSQL cluster of its own: an order is completed when its view says so.</summary>
internal sealed class PeerPipeline : IOrderPipeline
{
    public static readonly IReadOnlyList<string> OneProcess = ["all"];
    public static readonly IReadOnlyList<string> SevenProcesses = ["api", "tax", "tax-audit", "payment", "fulfillment", "notification", "views"];

    private const string Tell = """
        create or replace function orders.tell_completed() returns trigger language plpgsql as
          $$ begin perform pg_notify('completed', new.id::text); return null; end $$;
        create or replace trigger tell_completed after insert or update on orders.mt_doc_orderstatusdocument
          for each row when (new.data->>'Status' = 'Completed') execute function orders.tell_completed();
        listen completed;
        """;

    private static readonly TimeSpan StartDeadline = TimeSpan.FromSeconds(120);

    private readonly Completions _completions = new();
    private readonly List<IAsyncDisposable> _started = [];
    private readonly CancellationTokenSource _ending = new();
    private NpgsqlConnection? _told;
    private Task _listening = Task.CompletedTask;
    private Uri _orders = null!;

    private PeerPipeline(string name) => Name = name;

    public string Name { get; }

    public IReadOnlyList<RunningProcess> Processes { get; private set; } = [];

    public static async Task<PeerPipeline> StartAsync(string name, string directory, IReadOnlyList<string> processes, int views, CancellationToken stop)
    {
        var peer = new PeerPipeline(name);
        try
        {
            await peer.StartProcessesAsync(directory, processes, views, stop);
            return peer;
        }
        catch
        {
            await peer.DisposeAsync();
            throw;
        }
    }

    public async Task<(string OrderId, long Completed)> RunOrderAsync()
    {
        var id = await PlaceAsync();
        return (id, await _completions.WaitAsync(id));
    }

    // It has no Cosmos DB to ask.
    public Task<StoreUse> ReadUseAsync(CancellationToken stop) => Task.FromResult(new StoreUse());

    public Task<IReadOnlyList<EventTime>> ReadTimesAsync(string orderId) => Task.FromResult<IReadOnlyList<EventTime>>([]);

    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        await _listening.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (_told is not null)
            await _told.DisposeAsync();
        foreach (var started in Enumerable.Reverse(_started))
            await started.DisposeAsync();
        _ending.Dispose();
    }

    private async Task StartProcessesAsync(string directory, IReadOnlyList<string> processes, int views, CancellationToken stop)
    {
        var postgres = await Postgres.StartAsync(directory, stop);
        _started.Add(postgres);
        var running = new List<RunningProcess> { new("postgres", postgres.Pid, Kind.ServerOfProcesses) };
        var (program, arguments) = Repository.Command("bench/peers", "Bench.Peers");
        // One after the other: the first makes the tables.
        foreach (var roles in processes)
        {
            var url = $"http://127.0.0.1:{LoopbackPort.Free()}";
            var child = Child.Start($"{Name}: {roles}", program, arguments, new Dictionary<string, string>
            {
                ["PEER_ROLES"] = roles,
                ["PEER_URL"] = url,
                ["PEER_VIEWS"] = views.ToString(CultureInfo.InvariantCulture),
                ["PEER_DATABASE"] = $"{postgres.ConnectionString};Maximum Pool Size=40;No Reset On Close=true",
            });
            _started.Add(child);
            await Http.UntilHealthyAsync(new Uri($"{url}/health"), child, StartDeadline, stop);
            running.Add(new RunningProcess(roles, child.Pid, roles is "all" or "api" ? Kind.Api : Kind.Worker));
            _orders ??= new Uri($"{url}/orders");
        }

        Processes = running;
        await ListenAsync(postgres, stop);
    }

    /// <summary>Has the database tell of documents of the view that are completed, as the change feed of the view does for the other side.</summary>
    private async Task ListenAsync(Postgres postgres, CancellationToken stop)
    {
        _told = new NpgsqlConnection($"{postgres.ConnectionString};Pooling=false");
        await _told.OpenAsync(stop);
        await PlaceAsync(); // the table is made with its first document
        var started = Stopwatch.GetTimestamp();
        while (true)
        {
            await using var isThere = new NpgsqlCommand("select to_regclass('orders.mt_doc_orderstatusdocument') is not null", _told);
            if (await isThere.ExecuteScalarAsync(stop) is true)
                break;
            if (Stopwatch.GetElapsedTime(started) > StartDeadline)
                throw new BenchException($"{Name}: there is no view.");
            await Task.Delay(100, stop);
        }

        await using (var tell = new NpgsqlCommand(Tell, _told))
            await tell.ExecuteNonQueryAsync(stop);
        _told.Notification += (_, told) => _completions.Completed(told.Payload, Stopwatch.GetTimestamp());
        _listening = Task.Run(async () =>
        {
            while (true)
                await _told.WaitAsync(_ending.Token);
        }, CancellationToken.None);
    }

    private async Task<string> PlaceAsync()
    {
        using var body = new ByteArrayContent(RealSystem.Order) { Headers = { ContentType = new("application/json") } };
        using var answer = await Http.Client.PostAsync(_orders, body);
        if (!answer.IsSuccessStatusCode)
            throw new BenchException($"{Name}: POST /orders answered {(int)answer.StatusCode}: {await answer.Content.ReadAsStringAsync()}");
        return (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("orderId"u8).GetString()!;
    }
}
