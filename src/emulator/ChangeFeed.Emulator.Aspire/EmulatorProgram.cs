using Aspire.Hosting;

namespace ChangeFeed.Emulator.Aspire;

/// <summary>
/// The emulator's own assembly. The build puts it beside this one, whether it comes from a package or a project reference.
/// </summary>
internal static class EmulatorProgram
{
    private const string FileName = "ChangeFeed.Emulator.dll";

    /// <exception cref="DistributedApplicationException">It is not there.</exception>
    public static string Find() => Find(Path.GetDirectoryName(typeof(EmulatorProgram).Assembly.Location)!);

    internal static string Find(string directory)
    {
        var path = Path.Combine(directory, "cosmos-emulator", FileName);
        return File.Exists(path) ? path : throw new DistributedApplicationException(
            $"The Cosmos emulator is not at {path}. The build of the app host copies it there: build again, "
            + "and refer to the package ChangeFeed.Emulator.Aspire without excluding its build assets.");
    }
}
