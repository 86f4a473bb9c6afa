using Bench.Harness;

namespace Bench.Subjects;

/// <summary>Finds the programs that were built together with the bench.</summary>
internal static class Repository
{
    public static string Root { get; } = Find();

    /// <summary>How to start a program of the solution, in the configuration the bench was built in.</summary>
    public static (string Program, string[] Arguments) Command(string project) => Command(project, Path.GetFileName(project));

    /// <summary>The same of a program that is not called like its folder.</summary>
    public static (string Program, string[] Arguments) Command(string project, string name)
    {
        var configuration = Directory.GetParent(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar))!.Name;
        var dll = Path.Combine(Root, project, "bin", configuration, "net10.0", $"{name}.dll");
        return File.Exists(dll)
            ? (Child.DotNet, [dll])
            : throw new BenchException($"'{dll}' is not built: dotnet build -c {configuration} bench builds it.");
    }

    private static string Find()
    {
        for (var directory = new DirectoryInfo(AppContext.BaseDirectory); directory is not null; directory = directory.Parent)
        {
            if (File.Exists(Path.Combine(directory.FullName, "OrderPipeline.sln")))
                return directory.FullName;
        }

        throw new BenchException("The bench must run from the repository: it starts the programs that are built there.");
    }
}
