using System.Globalization;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;

namespace ChangeFeed.Emulator.Aspire;

/// <summary>What the commands ask for.</summary>
internal static class EmulatorInputs
{
    public const string ContainerName = "container";
    public const string NoStatus = "none";

    public static InteractionInput RequestUnits => new()
    {
        Name = "request-units",
        Label = "Request units per second",
        InputType = InputType.Number,
        Required = true,
        Value = "400",
        Description = "For each container. Heal takes the limit away.",
    };

    public static InteractionInput Percent => new()
    {
        Name = "percent",
        Label = "Percent of requests",
        InputType = InputType.Number,
        Required = true,
        Value = "10",
    };

    public static InteractionInput Status => new()
    {
        Name = "status",
        Label = "Answer",
        InputType = InputType.Choice,
        Required = true,
        Value = "503",
        Options =
        [
            new(NoStatus, "As usual"), new("408", "408 Request timeout"), new("429", "429 Too many requests"),
            new("449", "449 Retry with"), new("500", "500 Internal server error"), new("503", "503 Service unavailable"),
        ],
    };

    public static InteractionInput Delay => new()
    {
        Name = "delay",
        Label = "Delay in milliseconds",
        InputType = InputType.Number,
        Value = "0",
    };

    /// <summary>One of the containers there are at that moment; none means the busiest.</summary>
    public static InteractionInput Container(CosmosEmulatorResource emulator) => new()
    {
        Name = ContainerName,
        Label = "Container",
        InputType = InputType.Choice,
        Placeholder = "The one that has used the most request units",
        DynamicLoading = new()
        {
            LoadCallback = async context =>
            {
                using var client = await EmulatorCommands.ConnectAsync(emulator, context.CancellationToken);
                var containers = await client.ContainersAsync(context.CancellationToken);
                var paths = containers.Select(container => container.Path).Order(StringComparer.Ordinal);
                context.Input.Options = [.. paths.Select(path => KeyValuePair.Create(path, path))];
            },
        },
    };

    public static string? Text(InteractionInputCollection inputs, string name) =>
        inputs.TryGetByName(name, out var input) && !string.IsNullOrWhiteSpace(input.Value) ? input.Value : null;

    /// <summary>A number in its range; what was not given is what the input begins with.</summary>
    /// <exception cref="CommandException">It is no number, or out of range.</exception>
    public static double Number(InteractionInputCollection inputs, InteractionInput input, double min, double max)
    {
        var text = Text(inputs, input.Name) ?? input.Value;
        return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && number >= min && number <= max
            ? number
            : throw new CommandException(string.Create(
                CultureInfo.InvariantCulture, $"{input.Label} is '{text}'; it must be a number from {min} to {max}."));
    }

    /// <inheritdoc cref="Number"/>
    public static int Whole(InteractionInputCollection inputs, InteractionInput input, int min, int max)
    {
        var number = Number(inputs, input, min, max);
        return number == Math.Truncate(number) ? (int)number : throw new CommandException($"{input.Label} must be a whole number.");
    }
}
