using StackExchange.Redis;

namespace Orders.Cache;

/// <summary>Which cache, and how long it keeps what. Section <c>Cache</c>, and <c>ConnectionStrings:cache</c>.</summary>
public sealed class CacheOptions
{
    /// <summary>Name of the configuration section.</summary>
    public const string Section = "Cache";

    /// <summary>Name of the connection string.</summary>
    public const string ConnectionName = "cache";

    /// <summary>Where it is, as StackExchange.Redis writes it: <c>localhost:6379,password=…</c>. Empty where there is none.</summary>
    public string ConnectionString { get; set; } = "";

    /// <summary>Which of several, while one is rebuilt beside the other; from 1.</summary>
    public int Generation { get; set; } = 1;

    /// <summary>How long an order stays after its last change; 1 minute to 365 days.</summary>
    public TimeSpan KeepOrders { get; set; } = TimeSpan.FromDays(7);

    /// <summary>How old the names of customers and products may be, which a reader keeps in its memory; 0 to 1 hour.</summary>
    public TimeSpan MaxAgeOfNames { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a reader waits before it asks the view instead; 10 ms to 5 s.</summary>
    public TimeSpan Patience { get; set; } = TimeSpan.FromMilliseconds(200);

    /// <summary>Says what is wrong, naming the setting; empty when nothing is.</summary>
    public IEnumerable<string> Validate()
    {
        if (ConnectionString.Length > 0 && !IsAddress(ConnectionString))
            yield return $"ConnectionStrings:{ConnectionName} is no address of a cache: it must be like 'localhost:6379' or 'cache.example.org:6380,ssl=true,password=KEY'.";
        if (Generation < 1)
            yield return $"{Section}:Generation is {Generation}; it must be at least 1.";
        if (KeepOrders < TimeSpan.FromMinutes(1) || KeepOrders > TimeSpan.FromDays(365))
            yield return $"{Section}:KeepOrders is {KeepOrders}; it must be 1 minute to 365 days.";
        if (MaxAgeOfNames < TimeSpan.Zero || MaxAgeOfNames > TimeSpan.FromHours(1))
            yield return $"{Section}:MaxAgeOfNames is {MaxAgeOfNames}; it must be 0 to 1 hour.";
        if (Patience < TimeSpan.FromMilliseconds(10) || Patience > TimeSpan.FromSeconds(5))
            yield return $"{Section}:Patience is {Patience}; it must be 10 ms to 5 seconds.";
    }

    /// <summary>How to reach it: a server that is away fails at once instead of gathering what waits.</summary>
    /// <param name="clientName">The service, as the server sees it.</param>
    public ConfigurationOptions Configuration(string clientName)
    {
        var configuration = ConfigurationOptions.Parse(ConnectionString);
        configuration.AbortOnConnectFail = false;
        configuration.BacklogPolicy = BacklogPolicy.FailFast;
        configuration.ClientName = clientName;
        return configuration;
    }

    private static bool IsAddress(string text)
    {
        try
        {
            return ConfigurationOptions.Parse(text).EndPoints.Count > 0;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }
}
