using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting;

/// <summary>A connection string, given by configuration or made of other resources.</summary>
public sealed class ConnectionStringResource(string name, string connectionString) : IResourceWithConnectionString
{
    /// <inheritdoc/>
    public string Name { get; } = name;

    /// <inheritdoc/>
    public string ConnectionString { get; } = connectionString;
}
