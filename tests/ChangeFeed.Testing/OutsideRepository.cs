using System.Diagnostics;
using System.Reflection;

namespace ChangeFeed.Testing;

/// <summary>Packages of this repository in a folder, and projects outside it that take them from there.</summary>
public sealed class OutsideRepository : IDisposable
{
    public const string Version = "0.0.1-test";

    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(5);
    private readonly TemporaryDirectory _directory = new();

    /// <summary>The directory all of it is in.</summary>
    public string Path => _directory.Path;

    /// <summary>The folder of the packages.</summary>
    public string Feed => _directory.File("feed");

    /// <summary>Packs a project as it is built.</summary>
    public Task PackAsync(string project) => DotnetAsync(
        Repository, "pack", project, "--no-build", "-c", Configuration, "-o", Feed, $"-p:PackageVersion={Version}", "-p:MinVerSkip=true");

    /// <summary>An empty directory for a project, which finds packages in the folder and on this machine.</summary>
    public string NewProject(string name)
    {
        var directory = Directory.CreateDirectory(_directory.File(name)).FullName;
        // A packages folder of its own, or this machine would keep the package of the first run of a test.
        File.WriteAllText(System.IO.Path.Combine(directory, "nuget.config"), $"""
            <configuration>
              <config><add key="globalPackagesFolder" value="{System.IO.Path.Combine(directory, "packages")}" /></config>
              <packageSources><add key="under-test" value="{Feed}" /></packageSources>
              <fallbackPackageFolders><add key="machine" value="{MachinePackages}" /></fallbackPackageFolders>
            </configuration>
            """);
        // What lies above the temporary directory is none of its business.
        foreach (var file in (string[])["Directory.Build.props", "Directory.Build.targets", "Directory.Packages.props"])
            File.WriteAllText(System.IO.Path.Combine(directory, file), "<Project />");
        return directory;
    }

    /// <summary>Runs a command of the SDK to its end and returns what it said; fails where it fails.</summary>
    public static async Task<string> DotnetAsync(string directory, params string[] arguments)
    {
        using var process = Start("dotnet", directory, arguments);
        process.StandardInput.Close();
        var errors = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync().WaitAsync(Deadline);
        await process.WaitForExitAsync().WaitAsync(Deadline);
        process.ExitCode.ShouldBe(0, $"dotnet {string.Join(' ', arguments)}: {output}{await errors}");
        return output;
    }

    /// <summary>Starts a program with its input and outputs at hand.</summary>
    public static Process Start(string program, string directory, params string[] arguments) =>
        Process.Start(new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = directory,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            // A build server would outlive the test.
            Environment = { ["MSBUILDDISABLENODEREUSE"] = "1", ["UseSharedCompilation"] = "false", ["DOTNET_ENVIRONMENT"] = "Development" },
        })!;

    public void Dispose() => _directory.Dispose();

    /// <summary>The root of this repository.</summary>
    public static string Repository { get; } = FindRepository(AppContext.BaseDirectory);

    private static string Configuration { get; } =
        typeof(OutsideRepository).Assembly.GetCustomAttribute<AssemblyConfigurationAttribute>()!.Configuration;

    private static string MachinePackages { get; } = Environment.GetEnvironmentVariable("NUGET_PACKAGES") is { Length: > 0 } set
        ? set
        : System.IO.Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");

    private static string FindRepository(string from) =>
        File.Exists(System.IO.Path.Combine(from, "OrderPipeline.sln")) ? from : FindRepository(System.IO.Path.GetDirectoryName(from)!);
}
