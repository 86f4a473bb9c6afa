using Bench.Harness;

namespace Bench.Subjects;

internal static class Http
{
    public static readonly HttpClient Client = new();

    /// <summary>Until an address answers with success; says what the process wrote when it does not.</summary>
    public static async Task UntilHealthyAsync(Uri address, Child process, TimeSpan deadline, CancellationToken stop)
    {
        using var late = CancellationTokenSource.CreateLinkedTokenSource(stop);
        late.CancelAfter(deadline);
        while (true)
        {
            if (process.HasExited)
                throw new BenchException($"{process.Name} ended before it was healthy. {process.LastLines}");
            try
            {
                using var answer = await Client.GetAsync(address, late.Token);
                if (answer.IsSuccessStatusCode)
                    return;
            }
            catch (HttpRequestException)
            {
                // Not listening yet.
            }
            catch (OperationCanceledException) when (!stop.IsCancellationRequested)
            {
                throw new BenchException($"{process.Name} was not healthy within {deadline.TotalSeconds:0} s. {process.LastLines}");
            }

            await Task.Delay(10, stop);
        }
    }
}
