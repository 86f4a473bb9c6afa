using System.Globalization;
using System.Security.Cryptography;
using Microsoft.Extensions.Configuration;
using OrderPipeline.Shopper;

namespace OrderPipeline.AppHost;

/// <summary>What may be chosen about a run, read and checked before anything starts.</summary>
sealed class Settings(IConfiguration configuration, string appHostDirectory)
{
    /// <summary>Everything that is kept lies here.</summary>
    public string DataDirectory { get; } = Path.GetFullPath(configuration["data"] ?? Path.Combine(appHostDirectory, "..", ".data"));

    /// <summary>A Cosmos DB account is given: no store is started.</summary>
    public bool HasCosmosAccount => !string.IsNullOrWhiteSpace(configuration.GetConnectionString("cosmos"));

    /// <summary>The key given, or a new one, which is printed because nobody could know it otherwise.</summary>
    public string CareKey()
    {
        if (configuration["care-key"] is { } given)
            return given.Length >= 16 ? given : throw new SettingException("--care-key is too short: use at least 16 characters.");
        var key = RandomNumberGenerator.GetHexString(32, lowercase: true);
        Console.WriteLine($"API key for customer care (X-Api-Key), valid until the next start: {key}");
        return key;
    }

    /// <summary>The port a resource listens on, free when this returns.</summary>
    public int Port(string key, int standard, string resource)
    {
        var port = Number($"Ports:{key}", standard, 0, 65535);
        if (port == 0) return LoopbackPorts.Take();
        return LoopbackPorts.IsFree(port) ? port : throw new SettingException(
            $"Port {port} is in use, so {resource} cannot listen on it: stop what uses it, or choose another with --Ports:{key} PORT.");
    }

    /// <summary>How fast orders are placed from the start; empty when nobody asked for any.</summary>
    public string ShopperRate()
    {
        if (configuration["shopper"] is not { } given) return "";
        return OrderRate.TryParse(given, out var rate) ? rate.ToString() : throw new SettingException($"--shopper is '{given}': it must be {OrderRate.Rule}.");
    }

    /// <summary>How many processes of a worker run.</summary>
    public int Replicas(string key) => Number($"Replicas:{key}", 1, 1, 32);

    int Number(string key, int standard, int least, int most)
    {
        if (configuration[key] is not { } text) return standard;
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most
            ? number
            : throw new SettingException($"{key} is '{text}': it must be a whole number from {least} to {most}.");
    }
}
