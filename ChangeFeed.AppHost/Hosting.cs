using System.Reflection;

namespace OrderPipeline.AppHost;

/// <summary>Which of the two this app host was built with, see AspireHosting.targets.</summary>
static class Hosting
{
    static readonly string[] Built = typeof(Hosting).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .First(a => a.Key == "AspireHosting").Value!.Split('|');

    public static bool IsLocal => Built[0] == "local";

    public static string Line => IsLocal
        ? $"Hosted by the launcher in ChangeFeed.AppHost/Launcher: {Built[2]}."
        : $"Hosted by .NET Aspire {Built[1]}: {Built[2]}.";
}
