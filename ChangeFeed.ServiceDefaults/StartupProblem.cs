using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Options;

namespace ChangeFeed.ServiceDefaults;

/// <summary>Tells what the user of a service did wrong from what went wrong in it.</summary>
internal static class StartupProblem
{
    /// <summary>What to change so that the service starts, a sentence for each; null for what is no mistake of its user.</summary>
    public static IReadOnlyList<string>? Describe(Exception exception) => exception switch
    {
        OptionsValidationException e => [.. e.Failures],
        StartupException e => [e.Message],
        // A setting of the wrong kind, such as a word for a number; the binder's message names it.
        InvalidOperationException { InnerException: FormatException or ArgumentException or OverflowException } e => [e.Message],
        IOException { InnerException: AddressInUseException or SocketException } e => [$"{e.Message} Set ASPNETCORE_URLS to another address."],
        // The options of several sections are wrong at once.
        AggregateException e when e.InnerExceptions.Select(Describe).ToList() is var all && all.TrueForAll(sentences => sentences is not null) =>
            [.. all.SelectMany(sentences => sentences!)],
        _ => null,
    };
}
