using ChangeFeed.Emulator;

if (args.Contains("--help") || args.Contains("-h"))
{
    Console.WriteLine(CommandLine.Help);
    return 0;
}

EmulatorOptions options;
try
{
    options = CommandLine.Parse(args, Environment.GetEnvironmentVariable);
}
catch (FormatException exception)
{
    Console.Error.WriteLine(exception.Message);
    return 2;
}

try
{
    await using var host = await EmulatorHost.StartAsync(options);
    Console.WriteLine(
        $"Listening on {host.Endpoint} ({(options.InMemory ? "in memory" : $"data in {Path.GetFullPath(options.DataDirectory)}")})");
    await host.WaitForShutdownAsync();
    return 0;
}
catch (EmulatorStartException exception)
{
    Console.Error.WriteLine(exception.Message);
    return 1;
}
