namespace Deployment.Tests;

/// <summary>The files that are tested here.</summary>
internal static class Repository
{
    /// <summary>The full path of a file of the repository.</summary>
    public static string File(string path) => Path.Combine(RunningPipeline.RepositoryRoot, path);
}
