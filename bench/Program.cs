using System.Runtime.InteropServices;
using Bench;
using Bench.Harness;
using Microsoft.Azure.Cosmos;

using var stop = new CancellationTokenSource();
using var interrupted = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
using var terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
try
{
    return await Commands.RunAsync(args, stop.Token);
}
catch (BenchException e)
{
    await Console.Error.WriteLineAsync(e.Message);
    return 2;
}
catch (Exception e) when (stop.IsCancellationRequested && (e is OperationCanceledException or HttpRequestException or CosmosException))
{
    // What was under way is cut off: the processes it asked hear the same Ctrl+C.
    return 130;
}

void Stop(PosixSignalContext context)
{
    // Leaving through the front door: what was started is stopped, what was written is deleted.
    context.Cancel = true;
    stop.Cancel();
}
