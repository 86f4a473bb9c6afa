using System.Diagnostics;
using System.Text.Json;
using ChangeFeed.Emulator;

namespace ChangeFeed.Emulator.Conformance.Tests.JavaScript;

/// <summary>The main paths through a second, independent client. Skipped where Node or the package registry is missing.</summary>
public sealed class JavaScriptClientTests(Endpoint endpoint)
{
    private const string Package = "@azure/cosmos@4.10.1";

    [Fact]
    public async Task The_official_javascript_client_works()
    {
        var directory = await InstallAsync();
        var (code, output) = await RunAsync(
            directory,
            "node",
            Path.Combine(AppContext.BaseDirectory, "JavaScript", "checks.cjs"),
            endpoint.Address.ToString(),
            EmulatorOptions.WellKnownKey);
        var checks = output.Split('\n')
            .Where(line => line.StartsWith('{'))
            .Select(line => JsonSerializer.Deserialize<Check>(line, JsonSerializerOptions.Web)!)
            .ToList();
        checks.Where(check => !check.Ok).Select(check => $"{check.Name}: {check.Detail}").ShouldBeEmpty();
        code.ShouldBe(0, output);
        checks.Count.ShouldBeGreaterThan(20);
    }

    private sealed record Check(string Name, bool Ok, string? Detail);

    /// <summary>Installs the package once per machine, outside the repository.</summary>
    private static async Task<string> InstallAsync()
    {
        var directory = Path.Combine(Path.GetTempPath(), $"emulator-conformance-{Environment.UserName}-azure-cosmos-4.10.1");
        if (Directory.Exists(Path.Combine(directory, "node_modules", "@azure", "cosmos")))
            return directory;
        Directory.CreateDirectory(directory);
        var (code, output) = await RunAsync(directory, "npm", "install", "--prefix", directory, "--no-audit", "--no-fund", Package);
        Assert.SkipUnless(code == 0, $"{Package} cannot be installed here: {output}");
        return directory;
    }

    private static async Task<(int Code, string Output)> RunAsync(string modules, string program, params string[] arguments)
    {
        Process process;
        try
        {
            process = Process.Start(new ProcessStartInfo(program, arguments)
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                Environment = { ["NODE_PATH"] = Path.Combine(modules, "node_modules") },
            })!;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            Assert.Skip($"{program} is not installed.");
            throw;
        }

        using (process)
        {
            var errors = process.StandardError.ReadToEndAsync();
            var output = await process.StandardOutput.ReadToEndAsync().WaitAsync(TimeSpan.FromMinutes(2));
            await process.WaitForExitAsync();
            return (process.ExitCode, output + await errors);
        }
    }
}
