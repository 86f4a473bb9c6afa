using System.Diagnostics;
using Aspire.Hosting.ApplicationModel;

namespace OrderPipeline.AppHost.Launcher;

/// <summary>The processes, from the start of the first to the end of the last.</summary>
sealed class RunningApplication(LaunchPlan plan, LauncherConsole console, StateFile stateFile, string? otlpEndpoint) : IDisposable
{
    readonly Lock _lock = new();
    readonly HealthCheck _health = new();
    readonly Dictionary<Instance, ChildProcess> _children = [];
    readonly Dictionary<Instance, string> _lastAnswers = [];
    readonly Dictionary<ProjectResource, TaskCompletionSource> _healthy =
        plan.Levels.SelectMany(l => l).ToDictionary(p => p, _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
    readonly TaskCompletionSource _failed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    string _state = "starting";

    /// <summary>Starts everything, each when what it waits for is healthy, and returns when all of it is.</summary>
    /// <exception cref="LaunchException">Something ended, could not be started, or was not healthy in time.</exception>
    public async Task StartAsync(TimeSpan timeout, CancellationToken cancellation)
    {
        SaveState();
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        ending.CancelAfter(timeout);
        var starts = Task.WhenAll(plan.Levels.SelectMany(level => level).Select(project => StartAsync(project, ending.Token)));
        var progress = SayProgressAsync(ending.Token);
        try
        {
            await Task.WhenAny(starts, _failed.Task);
            await (_failed.Task.IsFaulted ? _failed.Task : starts);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new LaunchException($"Not everything was healthy within {timeout.TotalSeconds:0} s: {UnhealthyAndWhy}. "
                + "Everything was stopped; --start-timeout SECONDS allows it more time.");
        }
        finally
        {
            // Nothing may start any more once this returns. How it went is known already.
            await ending.CancelAsync();
            await Task.WhenAll(starts, progress).ContinueWith(_ => { }, TaskScheduler.Default);
        }

        Change(() => _state = "running");
    }

    /// <summary>Stops everything in the reverse of the order it started in.</summary>
    /// <param name="timeout">What has not ended by then is killed.</param>
    /// <param name="atOnce">Kills without waiting.</param>
    public async Task StopAsync(TimeSpan timeout, CancellationToken atOnce)
    {
        Change(() => _state = "stopping");
        var watch = Stopwatch.StartNew();
        var levelsLeft = plan.Levels.Count;
        foreach (var level in plan.Levels.Reverse())
        {
            // Those that others wait for keep two seconds each for their own end.
            var patience = timeout - watch.Elapsed - (--levelsLeft * TimeSpan.FromSeconds(2));
            await Task.WhenAll(level.SelectMany(plan.Of).Select(instance => StopAsync(instance, patience, atOnce)));
        }
    }

    public IEnumerable<string> Summary() => SummaryTable.Of(plan.Instances);

    public void Dispose() => _health.Dispose();

    async Task StartAsync(ProjectResource project, CancellationToken cancellation)
    {
        try
        {
            await Task.WhenAll(project.WaitsFor.Select(p => _healthy[p].Task)).WaitAsync(cancellation);
            var instances = plan.Of(project).ToList();
            instances.ForEach(Start);
            await Task.WhenAll(instances.Select(instance => BecomesHealthyAsync(instance, cancellation)));
            _healthy[project].SetResult();
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            _failed.TrySetException(e);
        }
    }

    async Task SayProgressAsync(CancellationToken cancellation)
    {
        var watch = Stopwatch.StartNew();
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(5));
        while (await timer.WaitForNextTickAsync(cancellation))
            console.Say($"After {watch.Elapsed.TotalSeconds:0} s {HealthyCount} of {plan.Instances.Count} are healthy; waiting for {Unhealthy}.");
    }

    void Start(Instance instance)
    {
        var start = DotnetProcess.Of(instance, ProcessEnvironment.Of(instance, plan, otlpEndpoint));
        var child = ChildProcess.Start(start, line => console.Write(instance.Name, line));
        Change(() =>
        {
            _children[instance] = child;
            instance.State = InstanceState.Starting;
            instance.Pid = child.Pid;
        });
        _ = WatchAsync(instance, child);
    }

    async Task BecomesHealthyAsync(Instance instance, CancellationToken cancellation)
    {
        await _health.WaitAsync(instance, answer => { lock (_lock) _lastAnswers[instance] = answer; }, cancellation);
        Change(() =>
        {
            if (instance.State == InstanceState.Starting) instance.State = InstanceState.Healthy;
        });
    }

    async Task WatchAsync(Instance instance, ChildProcess child)
    {
        var exitCode = await child.Exited;
        var during = "";
        Change(() =>
        {
            during = _state;
            instance.State = during == "stopping" ? InstanceState.Stopped : InstanceState.Exited;
            instance.ExitCode = exitCode;
        });
        if (during == "stopping") return;

        console.Say($"{instance.Name} has ended with exit code {exitCode}; its last lines:");
        foreach (var line in child.LastLines) console.Say($"  {line}");
        if (during == "running") console.Say("The others keep running; Ctrl+C stops them.");
        else _failed.TrySetException(new LaunchException(
            $"{instance.Name} ended with exit code {exitCode} while starting, so everything was stopped; its last lines are above."));
    }

    async Task StopAsync(Instance instance, TimeSpan patience, CancellationToken atOnce)
    {
        ChildProcess? child;
        lock (_lock) _children.TryGetValue(instance, out child);
        if (child is null || child.Exited.IsCompleted) return;
        child.Stop();
        try
        {
            await child.Exited.WaitAsync(patience < TimeSpan.Zero ? TimeSpan.Zero : patience, atOnce);
        }
        catch (Exception e) when (e is TimeoutException or OperationCanceledException)
        {
            console.Say($"{instance.Name} has not stopped and is killed.");
            child.Kill();
            await child.Exited;
        }
    }

    int HealthyCount => plan.Instances.Count(i => i.State == InstanceState.Healthy);

    string Unhealthy => string.Join(", ", plan.Instances.Where(i => i.State != InstanceState.Healthy).Select(i => i.Name));

    string UnhealthyAndWhy
    {
        get
        {
            lock (_lock)
                return string.Join("; ", plan.Instances.Where(i => i.State == InstanceState.Starting)
                    .Select(i => $"{i.Name} ({_lastAnswers.GetValueOrDefault(i, "not asked yet")})"));
        }
    }

    void Change(Action change)
    {
        lock (_lock) change();
        SaveState();
    }

    void SaveState()
    {
        lock (_lock)
        {
            if (stateFile.Write(_state, plan.Instances) is { } problem) console.Say(problem);
        }
    }
}
