using Microsoft.Extensions.Options;

namespace Orders.Hosting.Files;

/// <summary>A directory that a setting names, checked at start and not when the first order needs it.</summary>
public static class WritableDirectory
{
    /// <summary>Creates the directory where it is missing, and tries to write to it.</summary>
    /// <param name="setting">The setting, for the message.</param>
    /// <param name="path">What it says.</param>
    public static ValidateOptionsResult Validate(string setting, string path)
    {
        try
        {
            Directory.CreateDirectory(path);
            File.Create(Path.Combine(path, $".{Guid.NewGuid():N}.tmp"), 1, FileOptions.DeleteOnClose).Dispose();
            return ValidateOptionsResult.Success;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return ValidateOptionsResult.Fail($"{setting} '{path}' is not a directory that can be written to: {e.Message}");
        }
    }
}
