using System.Runtime.InteropServices;

namespace OrderPipeline.AppHost.Launcher;

/// <summary>Ctrl+C and the system's requests to end: the first asks everything to stop, the second means at once.</summary>
sealed class StopSignals : IDisposable
{
    readonly CancellationTokenSource _stop = new();
    readonly CancellationTokenSource _atOnce = new();
    readonly List<PosixSignalRegistration> _registrations;

    public StopSignals() =>
        _registrations = [.. new[] { PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGQUIT, PosixSignal.SIGHUP }
            .Select(signal => PosixSignalRegistration.Create(signal, OnSignal))];

    public CancellationToken Stop => _stop.Token;

    public CancellationToken AtOnce => _atOnce.Token;

    public void Dispose() => _registrations.ForEach(r => r.Dispose());

    void OnSignal(PosixSignalContext context)
    {
        context.Cancel = true;
        (_stop.IsCancellationRequested ? _atOnce : _stop).Cancel();
    }
}
