namespace ChangeFeed.MassTransit.Tests.Support;

internal static class Eventually
{
    /// <summary>Waits until a condition holds, at most as long as given.</summary>
    public static async Task UntilAsync(Func<bool> condition, string what, TimeSpan? deadline = null)
    {
        var end = DateTime.UtcNow + (deadline ?? TimeSpan.FromSeconds(15));
        while (!condition())
        {
            if (DateTime.UtcNow > end)
                throw new TimeoutException($"It did not happen in time: {what}.");
            await Task.Delay(2, TestContext.Current.CancellationToken);
        }
    }
}
