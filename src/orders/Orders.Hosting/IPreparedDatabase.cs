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
}
