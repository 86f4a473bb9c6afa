namespace OrderPipeline.AppHost.Tests;

static class Repository
{
    /// <summary>The folder of the solution file.</summary>
    public static string Root { get; } = Find(new DirectoryInfo(AppContext.BaseDirectory));

    static string Find(DirectoryInfo directory) =>
        File.Exists(Path.Combine(directory.FullName, "OrderPipeline.sln")) ? directory.FullName : Find(directory.Parent!);
}
