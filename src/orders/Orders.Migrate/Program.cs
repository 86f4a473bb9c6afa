using Orders.Migrate;

using var stop = new CancellationTokenSource();
Console.CancelKeyPress += (_, pressed) =>
{
    pressed.Cancel = true; // what is under way is given back first
    stop.Cancel();
};
return await MigrateCommands.RunAsync(args, Console.Out, Console.Error, stop.Token);
