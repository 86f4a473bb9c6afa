namespace Orders.CustomerCare.Pages;

/// <summary>Addresses of this site, as links and redirects may use them: what came with a request can lead elsewhere.</summary>
internal static class LocalAddress
{
    /// <summary>Whether a browser stays on this site when it follows the address.</summary>
    /// <remarks>Browsers read <c>\</c> as <c>/</c> and leave out tabs and line ends, so <c>/\t/host</c> is another host to them.</remarks>
    public static bool IsLocal(string? address) =>
        address is ['/', ..] && !address.StartsWith("//", StringComparison.Ordinal)
        && !address.Contains('\\', StringComparison.Ordinal) && !address.Any(char.IsControl);

    /// <summary>The address where it is local, otherwise the first page.</summary>
    public static string OrHome(string? address) => IsLocal(address) ? address! : "/";

    /// <summary>The address of the page that was asked for.</summary>
    public static string Of(HttpRequest request) => OrHome($"{request.Path}{request.QueryString}");
}
