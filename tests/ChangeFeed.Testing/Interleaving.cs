namespace ChangeFeed.Testing;

/// <summary>Lets actors take turns at their steps, in an order that somebody chooses; nothing runs at the same time.</summary>
/// <param name="choose">Picks one of so many possibilities; the last is that whoever had the last turn goes on.</param>
public sealed class Interleaving(Func<int, int> choose)
{
    private sealed class Actor
    {
        public TaskCompletionSource? Gate { get; set; }
    }

    private readonly List<Actor> _waiting = [];
    private readonly List<(Action Happen, Func<bool> Possible)> _incidents = [];

    /// <summary>Starts an actor. It awaits the function it is given before each of its steps.</summary>
    /// <returns>Ends the actor where it stands, as a crash would.</returns>
    public Action Start(Func<Func<Task>, Task> body)
    {
        var actor = new Actor();
        Continue(actor, body(() =>
        {
            actor.Gate = new TaskCompletionSource();
            _waiting.Add(actor);
            return actor.Gate.Task;
        }));
        return () => _waiting.Remove(actor);
    }

    /// <summary>Something that may happen once, at any time.</summary>
    public void Perhaps(Action happen, Func<bool>? possible = null) => _incidents.Add((happen, possible ?? (() => true)));

    /// <summary>Runs until every actor has ended.</summary>
    public void Run()
    {
        while (_waiting.Count > 0)
        {
            var incidents = _incidents.Where(incident => incident.Possible()).ToList();
            var choice = choose(incidents.Count + _waiting.Count);
            if (choice < incidents.Count)
            {
                _incidents.Remove(incidents[choice]);
                incidents[choice].Happen();
                continue;
            }

            var actor = _waiting[choice - incidents.Count];
            _waiting.Remove(actor);
            var gate = actor.Gate!;
            actor.Gate = null;
            gate.SetResult();
            _failure?.Throw();
        }
    }

    /// <summary>Runs a scenario once for every possible sequence of choices.</summary>
    /// <returns>The number of runs.</returns>
    public static int ExploreAll(Action<Interleaving> scenario)
    {
        var path = new List<(int Choice, int Options)>();
        for (var runs = 1; ; runs++)
        {
            var depth = 0;
            Play(scenario, options =>
            {
                if (depth == path.Count)
                    path.Add((0, options));
                return path[depth++].Choice;
            });
            while (path.Count > 0 && path[^1].Choice + 1 == path[^1].Options)
                path.RemoveAt(path.Count - 1);
            if (path.Count == 0)
                return runs;
            path[^1] = (path[^1].Choice + 1, path[^1].Options);
        }
    }

    /// <summary>
    /// Runs a scenario with choices made by chance; a failure names the seed. Every other time the same actor goes on: otherwise one
    /// would hardly ever get far while another stands still, and that is where the surprises are.
    /// </summary>
    public static void ExploreSome(int runs, Action<Interleaving> scenario)
    {
        for (var seed = 0; seed < runs; seed++)
        {
            try
            {
                var random = new Random(seed);
                Play(scenario, options => random.Next(2) == 0 ? options - 1 : random.Next(options));
            }
            catch (Exception e)
            {
                throw new InvalidOperationException($"Failed with seed {seed}: {e.Message}", e);
            }
        }
    }

    // Without a synchronisation context the code behind a gate runs inside SetResult, so that one step is over before the next is chosen.
    private static void Play(Action<Interleaving> scenario, Func<int, int> choose)
    {
        var context = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(null);
        try
        {
            scenario(new Interleaving(choose));
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(context);
        }
    }

    private System.Runtime.ExceptionServices.ExceptionDispatchInfo? _failure;

    private async void Continue(Actor actor, Task run)
    {
        try
        {
            await run.ConfigureAwait(false);
        }
        catch (Exception e)
        {
            _failure = System.Runtime.ExceptionServices.ExceptionDispatchInfo.Capture(e);
        }
    }
}
