using System.ComponentModel;
using System.Diagnostics;

namespace ChangeFeed.Testing;

/// <summary>A package of npm, installed once per machine, outside the repository. Tests are skipped where Node or the package cannot be had.</summary>
/// <param name="name">Its name.</param>
/// <param name="version">Its exact version.</param>
public sealed class NodePackage(string name, string version)
{
    private static readonly SemaphoreSlim Installing = new(1);

    /// <summary>The directory that has its <c>node_modules</c>.</summary>
    public async Task<string> InstallAsync()
    {
        var directory = Path.Combine(Path.GetTempPath(), $"order-pipeline-{Environment.UserName}-{name.Replace('/', '-')}-{version}");
        await Installing.WaitAsync(TestContext.Current.CancellationToken);
        try
        {
            if (Directory.Exists(directory))
                return directory;
            // Half an installation never has the name of one.
            var half = $"{directory}-{Guid.NewGuid():N}";
            Directory.CreateDirectory(half);
            var (code, _, errors) = await RunAsync(
                TimeSpan.FromMinutes(5), half, "npm", "install", "--prefix", half, "--no-audit", "--no-fund", "--ignore-scripts", $"{name}@{version}");
            Assert.SkipUnless(code == 0, $"{name} {version} cannot be installed here: {errors}");
            Directory.Move(half, directory);
            return directory;
        }
        finally
        {
            Installing.Release();
        }
    }

    /// <summary>Runs a program to its end.</summary>
    /// <param name="limit">How long it may take.</param>
    /// <param name="modules">Where a script finds the package: the directory it is installed in.</param>
    /// <param name="program">The program.</param>
    /// <param name="arguments">Its arguments.</param>
    public static async Task<(int Code, string Output, string Errors)> RunAsync(TimeSpan limit, string modules, string program, params string[] arguments)
    {
        using var process = Start(modules, program, arguments);
        try
        {
            var errors = process.StandardError.ReadToEndAsync();
            var output = await process.StandardOutput.ReadToEndAsync().WaitAsync(limit);
            await process.WaitForExitAsync().WaitAsync(limit);
            return (process.ExitCode, output, await errors);
        }
        catch (TimeoutException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
    }

    private static Process Start(string modules, string program, string[] arguments)
    {
        try
        {
            return Process.Start(new ProcessStartInfo(program, arguments)
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                Environment = { ["NODE_PATH"] = Path.Combine(modules, "node_modules") },
            })!;
        }
        catch (Win32Exception)
        {
            Assert.Skip($"{program} is not installed.");
            throw;
        }
    }
}
