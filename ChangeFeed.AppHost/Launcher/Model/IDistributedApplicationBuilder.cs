using Microsoft.Extensions.Configuration;

namespace Aspire.Hosting;

/// <summary>Describes which processes run and what each is wired to.</summary>
public interface IDistributedApplicationBuilder
{
    /// <summary>appsettings.json beside the app host, the environment, the command line: the later wins.</summary>
    ConfigurationManager Configuration { get; }

    /// <summary>The folder of the app host's project.</summary>
    string AppHostDirectory { get; }

    /// <summary>The application as described so far.</summary>
    DistributedApplication Build();
}
