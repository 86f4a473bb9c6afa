using System.Collections.Concurrent;
using System.Security.Cryptography;
using Orders.Domain;

namespace Orders.CustomerCare.Pages.Access;

/// <summary>
/// The sessions that were begun and not ended. A cookie alone proves nothing: signing out ends its session, and with it every copy of the
/// cookie. Kept in memory, because the store must not be asked for every page and every picture on it; a restart ends all of them.
/// </summary>
internal sealed class OpenSessions(TimeProvider time)
{
    public static readonly TimeSpan Lifetime = TimeSpan.FromHours(12);

    private readonly ConcurrentDictionary<string, DateTimeOffset> _ends = new();

    /// <summary>Begins a session.</summary>
    /// <returns>Its id, which nobody can guess.</returns>
    public string Begin()
    {
        var now = time.GetUtcNow();
        foreach (var (old, end) in _ends)
            if (end <= now)
                _ends.TryRemove(old, out _);
        var id = RandomNumberGenerator.GetHexString(32);
        _ends[id] = now + Lifetime;
        return id;
    }

    public bool IsOpen(string? id) => id is not null && _ends.TryGetValue(id, out var end) && time.GetUtcNow() < end;

    public void End(string? id)
    {
        if (id is not null)
            _ends.TryRemove(id, out _);
    }
}
