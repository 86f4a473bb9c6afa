namespace Orders.Positions.Commands;

// In a namespace: its tests are those of customer care, which has a Program of its own.
internal static class Program
{
    private static Task<int> Main(string[] args) => PositionCommands.RunAsync(args, Console.Out, Console.Error, null, CancellationToken.None);
}
