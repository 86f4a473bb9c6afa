using System.Diagnostics;
using System.Reflection;

namespace ChangeFeed.ServiceDefaults.Tests;

/// <summary>Every service started as a process with a setting that is wrong.</summary>
public sealed class StartupTests
{
    private const string Store = "AccountEndpoint=http://127.0.0.1:1/;AccountKey=AAAA";

    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(120);

    private static readonly (string Name, string Value, string Said)[] Mistakes =
    [
        ("Cosmos__Throughput", "abc", "'Cosmos:Throughput'"),
        ("Cosmos__StartTimeout", "00:00:00", "Cosmos:StartTimeout must be longer than zero"),
        ("ConnectionStrings__cosmos", "", "ConnectionStrings:cosmos is not set"),
    ];

    public static TheoryData<string> Services => [.. Metadata("Services").Split(';')];

    [Theory, MemberData(nameof(Services))]
    public async Task A_wrong_setting_is_one_sentence_and_exit_code_1(string service)
    {
        foreach (var (name, value, said) in Mistakes)
        {
            var (exitCode, output, errors) = await RunAsync(service, name, value);

            exitCode.ShouldBe(1, $"{service} with {name}={value}: {errors}{output}");
            errors.ShouldContain(said);
            errors.Trim().Split('\n').Length.ShouldBe(1, errors);
            (output + errors).ShouldNotContain("   at ", customMessage: $"{service} with {name}={value}");
        }
    }

    [Theory]
    [InlineData("Orders.Api", "OrdersApi")]
    [InlineData("Orders.CustomerCare", "CustomerCare")]
    public async Task An_API_that_nobody_could_call_is_one_sentence_and_exit_code_1(string service, string section)
    {
        var (exitCode, output, errors) = await RunAsync(service, $"{section}__Key", "");

        exitCode.ShouldBe(1, errors + output);
        errors.Trim().ShouldBe(
            $"Nobody could call: set {section}:Key or {section}:Keys for callers with a key, "
            + "or Authentication:Schemes:Bearer:Authority for those with a token.");
        output.ShouldNotContain("   at ");
    }

    [Fact]
    public async Task A_store_that_does_not_answer_is_one_sentence_and_exit_code_1()
    {
        var (exitCode, output, errors) = await RunAsync("Orders.Tax", "Cosmos__StartTimeout", "00:00:00.001");

        exitCode.ShouldBe(1, errors + output);
        errors.ShouldContain("The store at ConnectionStrings:cosmos did not answer");
        (output + errors).ShouldNotContain("   at ");
    }

    private static async Task<(int ExitCode, string Output, string Errors)> RunAsync(string service, string name, string value)
    {
        var program = Path.Combine(
            Metadata("RepositoryRoot"), "src", "orders", service, "bin", Metadata("Configuration"), "net10.0", $"{service}.dll");
        var start = new ProcessStartInfo("dotnet", [program])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Path.GetDirectoryName(program),
        };
        start.Environment["ASPNETCORE_ENVIRONMENT"] = "Production";
        start.Environment["ASPNETCORE_URLS"] = "http://127.0.0.1:0";
        start.Environment["ConnectionStrings__cosmos"] = Store;
        // Both APIs start only where somebody could call them.
        start.Environment["OrdersApi__Key"] = start.Environment["CustomerCare__Key"] = "a-key-of-the-startup-tests";
        start.Environment[name] = value;
        using var process = Process.Start(start)!;
        try
        {
            using var deadline = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
            deadline.CancelAfter(Deadline);
            var output = process.StandardOutput.ReadToEndAsync(deadline.Token);
            var errors = process.StandardError.ReadToEndAsync(deadline.Token);
            await process.WaitForExitAsync(deadline.Token);
            return (process.ExitCode, await output, await errors);
        }
        finally
        {
            if (!process.HasExited)
                process.Kill();
        }
    }

    private static string Metadata(string key) => typeof(StartupTests).Assembly
        .GetCustomAttributes<AssemblyMetadataAttribute>().Single(attribute => attribute.Key == key).Value!;
}
