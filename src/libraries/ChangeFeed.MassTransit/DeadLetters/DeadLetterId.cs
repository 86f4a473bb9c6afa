using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace ChangeFeed.MassTransit.DeadLetters;

/// <summary>Ids of the documents in the dead-letter container.</summary>
internal static partial class DeadLetterId
{
    public static string Stream(string stream) => "stream." + Safe(stream);

    public static string Letter(string stream, long version) => string.Create(CultureInfo.InvariantCulture, $"letter.{Safe(stream)}.{version:D10}");

    public static string Request() => $"request.{Guid.CreateVersion7():N}";

    public static string Request(string batch, string stream) => $"request.{batch}.{Safe(stream)}";

    // An id may hold neither / \ ? # nor more than 1023 bytes; a stream id may.
    private static string Safe(string stream) =>
        Plain().IsMatch(stream) ? stream : "~" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(stream)));

    [GeneratedRegex("^[A-Za-z0-9_:-]{1,200}\\z")]
    private static partial Regex Plain();
}
