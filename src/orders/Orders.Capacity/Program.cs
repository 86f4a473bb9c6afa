using Orders.Capacity;

try
{
    var line = CommandLine.Parse(args);
    if (line.Helps)
    {
        Console.WriteLine(CommandLine.Help);
        return 0;
    }

    var profile = line.Profile is { } file ? SystemProfile.Load(file) : SystemProfile.Load();
    Console.Write(line.Grows ? GrowthText.Of(profile, line.Demand, line.Prices) : PlanText.Of(profile, CapacityModel.Of(profile, line.Demand), line.Prices));
    return 0;
}
catch (CapacityException e)
{
    await Console.Error.WriteLineAsync(e.Message);
    return 1;
}
