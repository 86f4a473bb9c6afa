using System.Diagnostics;

namespace Orders.CustomerCare.Pages.Tests.Support;

/// <summary>Customer care as it is built, and as it is published.</summary>
public sealed class CarePrograms : IAsyncLifetime
{
    private readonly string _published = Directory.CreateTempSubdirectory("care-published-").FullName;

    public static string Built { get; } = Path.Combine(ProjectDirectory, "bin", RunningPipeline.Configuration, "net10.0", "Orders.CustomerCare.dll");

    public string Published => Path.Combine(_published, "Orders.CustomerCare.dll");

    private static string ProjectDirectory => Path.Combine(RunningPipeline.RepositoryRoot, "src", "orders", "Orders.CustomerCare");

    public string Of(bool published) => published ? Published : Built;

    public async ValueTask InitializeAsync()
    {
        var start = new ProcessStartInfo(
            "dotnet", ["publish", Path.Combine(ProjectDirectory, "Orders.CustomerCare.csproj"), "--no-build",
            "-c", RunningPipeline.Configuration, "-o", _published, "-v", "q"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var publish = Process.Start(start)!;
        var errors = publish.StandardError.ReadToEndAsync();
        var output = await publish.StandardOutput.ReadToEndAsync();
        await publish.WaitForExitAsync();
        publish.ExitCode.ShouldBe(0, output + await errors);
    }

    public ValueTask DisposeAsync()
    {
        Directory.Delete(_published, recursive: true);
        return ValueTask.CompletedTask;
    }
}
