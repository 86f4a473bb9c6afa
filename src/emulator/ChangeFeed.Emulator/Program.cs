using ChangeFeed.Emulator;
using ChangeFeed.Emulator.Storage;

if (args.Contains("--help") || args.Contains("-h"))
{
    Console.WriteLine(CommandLine.Help);
    return 0;
}

const int Refused = 1, WrongCommandLine = 2, SomethingLost = 3;
EmulatorOptions options;
MaintenanceCommand? maintenance;
try
{
    maintenance = CommandLine.ParseMaintenance(args);
    options = maintenance is null ? CommandLine.Parse(args, Environment.GetEnvironmentVariable) : new();
}
catch (FormatException exception)
{
    Console.Error.WriteLine(exception.Message);
    return WrongCommandLine;
}

try
{
    if (maintenance is not null)
        return maintenance.Run(TimeProvider.System, Console.WriteLine) ? 0 : SomethingLost;
    await using var host = await EmulatorHost.StartAsync(options);
    Console.WriteLine(
        $"Listening on {host.Endpoint} ({(options.InMemory ? "in memory" : $"data in {Path.GetFullPath(options.DataDirectory)}")})");
    await host.WaitForShutdownAsync();
    return 0;
}
catch (EmulatorStartException exception)
{
    Console.Error.WriteLine(exception.Message);
    return Refused;
}
