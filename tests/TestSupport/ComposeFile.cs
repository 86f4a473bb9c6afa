using System.Text.RegularExpressions;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;
using YamlDotNet.Serialization;
using YamlDotNet.Serialization.NamingConventions;

namespace TestSupport;

/// <summary>docker-compose.yml, with its variables at their defaults.</summary>
internal sealed class ComposeFile
{
    public Dictionary<string, Service> Services { get; init; } = [];

    /// <summary>All services but the embedded store.</summary>
    public IReadOnlyDictionary<string, Service> OfOrders =>
        Services.Where(service => service.Value.Build.Project.StartsWith("orders/", StringComparison.Ordinal)).ToDictionary();

    // Read only because its anchor is used further down.
    [YamlMember(Alias = "x-environment", ApplyNamingConventions = false)]
    public Dictionary<string, string?> CommonEnvironment { get; init; } = [];

    public sealed class Service
    {
        public Build Build { get; init; } = new();
        public string[] Command { get; init; } = [];
        public Dictionary<string, string?> Environment { get; init; } = [];
        public Dictionary<string, Dependency> DependsOn { get; init; } = [];
        public Health Healthcheck { get; init; } = new();
        public string[] Ports { get; init; } = [];
        public string[] Volumes { get; init; } = [];
    }

    public sealed class Build
    {
        public Dictionary<string, string> Args { get; init; } = [];
        public string Project => Args["PROJECT"];
    }

    public sealed class Dependency
    {
        public string Condition { get; init; } = "";
    }

    public sealed class Health
    {
        public string[] Test { get; init; } = [];
    }

    public static ComposeFile Read()
    {
        var text = Regex.Replace(File.ReadAllText(Path.Combine(RunningPipeline.RepositoryRoot, "docker-compose.yml")), @"\$\{\w+:?-(.*?)\}", "$1");
        text = Regex.Replace(text, @"\$\{\w+:\?(.*?)\}", "a secret of the test");
        var deserializer = new DeserializerBuilder().WithNamingConvention(UnderscoredNamingConvention.Instance)
            .IgnoreUnmatchedProperties().Build();
        var parser = new MergingParser(new Parser(new StringReader(text)));
        parser.Consume<StreamStart>();
        return deserializer.Deserialize<ComposeFile>(parser);
    }
}
