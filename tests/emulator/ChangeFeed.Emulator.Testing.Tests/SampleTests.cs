using System.ComponentModel;
using System.Diagnostics;

namespace ChangeFeed.Emulator.Testing.Tests;

/// <summary>The samples in other languages say what their pages promise. Skipped where the language or its package is missing.</summary>
public sealed class SampleTests
{
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(3);

    [Fact]
    public async Task The_JavaScript_sample_runs()
    {
        using var directory = new TemporaryDirectory();
        foreach (var file in (string[])["orders.mjs", "package.json"])
            File.Copy(Path.Combine(Sample("javascript"), file), directory.File(file));
        var (code, output) = await RunAsync(directory.Path, null, "npm", "install", "--no-audit", "--no-fund");
        Assert.SkipUnless(code == 0, $"The packages of the sample cannot be installed here: {output}");

        await RunsAsync(["read 42 for 1 RU", "found 1", "changed 1"], directory.Path, "node", "orders.mjs");
    }

    [Fact]
    public async Task The_Python_sample_runs()
    {
        var (code, _) = await RunAsync(Sample("python"), null, "python3", "-c", "import azure.cosmos");
        Assert.SkipUnless(code == 0, "Python has no azure-cosmos here.");

        await RunsAsync(["read 42", "found 1"], Sample("python"), "python3", "orders.py");
    }

    private static string Sample(string name) => Path.Combine(OutsideRepository.Repository, "samples", name);

    private static async Task RunsAsync(string[] lines, string directory, string program, params string[] arguments)
    {
        await using var cosmos = await CosmosEmulator.StartAsync();
        var (code, output) = await RunAsync(directory, cosmos.Endpoint, program, arguments);
        code.ShouldBe(0, output);
        output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).ShouldBe(lines);
    }

    private static async Task<(int Code, string Output)> RunAsync(string directory, Uri? endpoint, string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = directory,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["COSMOS_ENDPOINT"] = endpoint?.ToString(), ["COSMOS_KEY"] = EmulatorOptions.WellKnownKey },
        };
        Process process;
        try
        {
            process = Process.Start(start)!;
        }
        catch (Win32Exception)
        {
            Assert.Skip($"{program} is not installed.");
            throw;
        }
        using (process)
        {
            var errors = process.StandardError.ReadToEndAsync();
            var output = await process.StandardOutput.ReadToEndAsync().WaitAsync(Deadline);
            await process.WaitForExitAsync().WaitAsync(Deadline);
            return (process.ExitCode, process.ExitCode == 0 ? output : output + await errors);
        }
    }
}
