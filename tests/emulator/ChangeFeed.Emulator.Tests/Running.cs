using System.Text;

namespace ChangeFeed.Emulator.Tests;

/// <summary>What tests ask of a running emulator and of its directory.</summary>
internal static class Running
{
    /// <summary>The status and text of its health.</summary>
    public static async Task<string> HealthAsync(Uri endpoint, string path = "_emulator/health")
    {
        using var http = new HttpClient { BaseAddress = endpoint };
        using var answer = await http.GetAsync(path);
        return $"{(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync()}";
    }

    /// <summary>Waits until a condition holds, at most 30 s.</summary>
    public static async Task EventuallyAsync(Func<Task<bool>> condition, string what)
    {
        var deadline = DateTime.UtcNow.AddSeconds(30);
        while (!await condition())
        {
            DateTime.UtcNow.ShouldBeLessThan(deadline, $"in time: {what}");
            await Task.Delay(50, TestContext.Current.CancellationToken);
        }
    }

    /// <summary>The files of a directory that contain a text, as <c>grep -r</c> finds them; the one that is held locked is empty.</summary>
    public static string[] FilesWith(string directory, string text) =>
    [
        .. Directory.EnumerateFiles(directory, "*", SearchOption.AllDirectories)
            .Where(file => Path.GetFileName(file) != "emulator.lock" && Contains(file, text))
    ];

    private static bool Contains(string file, string text)
    {
        using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        var bytes = new byte[stream.Length];
        var read = stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        return bytes.AsSpan(0, read).IndexOf(Encoding.UTF8.GetBytes(text)) >= 0;
    }
}
