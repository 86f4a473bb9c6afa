namespace Aspire.Hosting.ApplicationModel;

/// <summary>Something the application consists of.</summary>
public interface IResource
{
    /// <summary>Unique in the application; the prefix of its log lines.</summary>
    string Name { get; }
}

/// <summary>A remark on a resource that others may read.</summary>
public interface IResourceAnnotation;

/// <summary>A resource that others reach by a connection string.</summary>
public interface IResourceWithConnectionString : IResource
{
    /// <summary>The connection string itself.</summary>
    string ConnectionString { get; }
}
