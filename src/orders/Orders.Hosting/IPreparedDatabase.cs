namespace Orders.Hosting;

/// <summary>A database whose containers are created, where they are missing, before anything of the service starts.</summary>
public interface IPreparedDatabase
{
    /// <summary>Its name.</summary>
    string Name { get; }

    /// <summary>The setting that says where it is, for messages.</summary>
    string Setting { get; }

    /// <summary>Creates what is missing. Safe to run in many processes at once.</summary>
    Task CreateAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Looks whether it is as the service needs it, and whether the service may do there what it will do. Leaves nothing behind; safe to run in many
    /// processes at once.
    /// </summary>
    /// <returns>What is missing, in a sentence; null when nothing is.</returns>
    Task<string?> FindProblemAsync(CancellationToken cancellationToken);
}
