using ChangeFeed.EventStore.Cold;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using Orders.Archive;
using Orders.Contracts;

namespace Orders.Hosting;

/// <summary>Where orders are read that have left the event store: the archive, where one is configured.</summary>
public sealed class ArchiveReading
{
    /// <summary>Where it is.</summary>
    public ArchiveLocation Location { get; set; } = new("", "", "");

    /// <summary>Which of its tables has what left.</summary>
    public int Generation { get; set; } = 1;

    /// <summary>The streams in it; null where none is configured.</summary>
    /// <param name="time">The clock.</param>
    public IColdStreams? Streams(TimeProvider time) => Location is { IsLocal: true, Directory.Length: 0 }
        ? null
        : new ArchivedStreams(Location.Table(Generation, time, "reader"), OrderEvents.Map);
}

internal sealed class ArchiveReadingSetup(IConfiguration configuration) : IConfigureOptions<ArchiveReading>, IValidateOptions<ArchiveReading>
{
    private const string GenerationSetting = "Sinks:Archive:ReadGeneration";

    public void Configure(ArchiveReading options)
    {
        options.Location = ArchiveLocation.Read(configuration);
        options.Generation = configuration[GenerationSetting] is not { Length: > 0 } text ? 1 : int.TryParse(text, out var number) ? number : 0;
    }

    public ValidateOptionsResult Validate(string? name, ArchiveReading options)
    {
        if (options.Generation < 1)
            return ValidateOptionsResult.Fail($"{GenerationSetting} is '{configuration[GenerationSetting]}'; it must be a number from 1.");
        return options.Location.IsLocal ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(options.Location.Validate());
    }
}
