using System.Globalization;

namespace Orders.Capacity;

/// <summary>What was typed.</summary>
internal sealed record CommandLine(Demand Demand, Prices Prices, string? Profile, bool Grows, bool Helps)
{
    public const string Help = """
        dotnet run --project src/orders/Orders.Capacity -- [plan|growth] [options]
          plan                    what a number of orders a second takes (default)
          growth                  the same from 1 order a second to 1,000,000, and what bends on the way
        options
          --orders N              orders a second on average; 10
          --peak N                the busiest minute, as a multiple of the average; 3
          --keep DAYS             how long orders stay; 365
          --more-consumers N      services that read every event, beside those that are there; 0
          --busiest-customer P    the share of all orders that one customer places, 0 to 1; 0.0001
          --regions N             regions that keep a copy; 1
          --poll SECONDS          ChangeFeed:PollInterval; 0 where reads are held open, as in the embedded store; 1
          --checkpoint SECONDS    ChangeFeed:CheckpointInterval; 1
          --partitions N          physical partitions of the events, instead of as many as it takes
          --utilisation P         the part of a processor or a partition to plan with; 0.7
          --autoscale USD         price of 100 RU/s for an hour; 0.012
          --serverless USD        price of a million RU; 0.25
          --storage USD           price of a gigabyte for a month; 0.25
          --profile FILE          figures measured by bench -- cost; those of this build
        """;

    /// <exception cref="CapacityException">Something is not understood; the message names it.</exception>
    public static CommandLine Parse(IReadOnlyList<string> args)
    {
        var line = new CommandLine(new Demand { OrdersPerSecond = 10 }, Prices.Default, null, false, false);
        for (var i = 0; i < args.Count; i++)
        {
            line = args[i] switch
            {
                "plan" when i == 0 => line,
                "growth" when i == 0 => line with { Grows = true },
                "help" or "--help" or "-h" => line with { Helps = true },
                var name when name.StartsWith("--", StringComparison.Ordinal) => ++i < args.Count
                    ? line.With(name, args[i])
                    : throw new CapacityException($"{name} needs a value; --help lists the options."),
                var other => throw new CapacityException($"'{other}' is neither plan nor growth nor an option; --help lists them."),
            };
        }

        return line;
    }

    private CommandLine With(string name, string value) => name switch
    {
        "--orders" => this with { Demand = Demand with { OrdersPerSecond = Number(name, value, 0.001, 10_000_000) } },
        "--peak" => this with { Demand = Demand with { Peak = Number(name, value, 1, 1000) } },
        "--keep" => this with { Demand = Demand with { KeepDays = Whole(name, value, 1, 36_500) } },
        "--more-consumers" => this with { Demand = Demand with { MoreConsumers = Whole(name, value, 0, 1000) } },
        "--busiest-customer" => this with { Demand = Demand with { BusiestCustomer = Number(name, value, 0, 1) } },
        "--regions" => this with { Demand = Demand with { Regions = Whole(name, value, 1, 100) } },
        "--poll" => this with { Demand = Demand with { PollSeconds = Number(name, value, 0, 60) } },
        "--checkpoint" => this with { Demand = Demand with { CheckpointSeconds = Number(name, value, 0.1, 60) } },
        "--partitions" => this with { Demand = Demand with { Partitions = Whole(name, value, 1, 1_000_000) } },
        "--utilisation" => this with { Demand = Demand with { Utilisation = Number(name, value, 0.05, 1) } },
        "--autoscale" => this with { Prices = Prices with { Autoscale = (decimal)Number(name, value, 0, 1000) } },
        "--serverless" => this with { Prices = Prices with { Serverless = (decimal)Number(name, value, 0, 1000) } },
        "--storage" => this with { Prices = Prices with { Storage = (decimal)Number(name, value, 0, 1000) } },
        "--profile" => this with { Profile = value },
        _ => throw new CapacityException($"'{name}' is no option; --help lists them."),
    };

    private static double Number(string name, string value, double least, double most) =>
        double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most
            ? number
            : throw new CapacityException(string.Create(CultureInfo.InvariantCulture, $"{name} is '{value}': it must be a number from {least} to {most:#,0}."));

    private static int Whole(string name, string value, int least, int most) =>
        int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most
            ? number
            : throw new CapacityException(
                string.Create(CultureInfo.InvariantCulture, $"{name} is '{value}': it must be a whole number from {least} to {most:#,0}."));
}
