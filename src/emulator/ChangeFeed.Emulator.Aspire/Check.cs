using System.Globalization;

namespace ChangeFeed.Emulator.Aspire;

internal static class Check
{
    public static int Range(int value, int min, int max, string parameter) => value >= min && value <= max
        ? value
        : throw new ArgumentOutOfRangeException(
            parameter, value, string.Create(CultureInfo.InvariantCulture, $"It must be from {min} to {max}."));
}
