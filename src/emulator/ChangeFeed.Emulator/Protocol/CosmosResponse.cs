using System.Globalization;
using System.Text;
using System.Text.Json;
using ChangeFeed.Emulator.Model;
using ChangeFeed.Emulator.Model.Partitioning;

namespace ChangeFeed.Emulator.Protocol;

/// <summary>Writes answers: status, the headers every answer has, body.</summary>
internal static class CosmosResponse
{
    private const string Json = "application/json";

    public static void Session(this HttpResponse response, Partition partition, long lsn)
    {
        response.Headers[Headers.PartitionKeyRangeId] = partition.Name;
        response.Headers[Headers.SessionToken] = response.HttpContext.Features.Get<RegionSession>() is { } regions
            ? $"{partition.Name}:{regions.Token(lsn)}"
            : string.Create(CultureInfo.InvariantCulture, $"{partition.Name}:0#{lsn}");
        response.Headers[Headers.Lsn] = lsn.ToString(CultureInfo.InvariantCulture);
    }

    /// <summary>Names what the answer belongs to, by rid and by names: clients file session tokens under it.</summary>
    public static void ContentPath(this HttpResponse response, string rid, string altPath)
    {
        response.Headers[Headers.ContentPath] = rid;
        response.Headers[Headers.AltContentPath] = altPath;
    }

    public static void Charge(this HttpResponse response, double units) =>
        response.Headers[Headers.RequestCharge] = units.ToString("0.##", CultureInfo.InvariantCulture);

    /// <summary>The request units the answer was charged; 0 where it says nothing of them.</summary>
    public static double Charged(this HttpResponse response) =>
        double.TryParse(response.Headers[Headers.RequestCharge], CultureInfo.InvariantCulture, out var units) ? units : 0;

    public static Task WriteBytesAsync(this HttpResponse response, int status, ReadOnlyMemory<byte> body, string contentType = Json)
    {
        response.StatusCode = status;
        response.ContentType = contentType;
        response.ContentLength = body.Length;
        return response.BodyWriter.WriteAsync(body).AsTask();
    }

    public static Task WriteEmptyAsync(this HttpResponse response, int status)
    {
        response.StatusCode = status;
        if (status is not (204 or 304))
            response.ContentLength = 0;
        return Task.CompletedTask;
    }

    public static Task WriteResourceAsync(this HttpResponse response, int status, string etag, Action<Utf8JsonWriter> write)
    {
        response.Headers.ETag = etag;
        response.Charge(RequestCharge.Metadata);
        return response.WriteBytesAsync(status, JsonBody.Write(write));
    }

    public static Task WriteItemAsync(this HttpResponse response, in ItemResult result)
    {
        response.Charge(result.Charge);
        if (result.Message is { } message)
            return response.WriteErrorAsync(result.Status, result.Code!, message, result.SubStatus);
        if (result.Etag is { } etag)
            response.Headers.ETag = etag;
        return result.Body is { } body ? response.WriteBytesAsync(result.Status, body) : response.WriteEmptyAsync(result.Status);
    }

    public static Task WriteErrorAsync(this HttpResponse response, int status, string code, string message, int subStatus = 0)
    {
        response.Headers.Remove(Headers.ContentPath);
        response.Headers.Remove(Headers.AltContentPath);
        if (subStatus != 0)
            response.Headers[Headers.SubStatus] = subStatus.ToString(CultureInfo.InvariantCulture);
        return response.WriteBytesAsync(status, JsonBody.Write(writer =>
        {
            writer.WriteStartObject();
            writer.WriteString("code", code);
            writer.WriteString("message", message);
            writer.WriteEndObject();
        }));
    }

    public static Task WriteTextAsync(this HttpResponse response, int status, string text) =>
        response.WriteBytesAsync(status, Encoding.UTF8.GetBytes(text), "text/plain");
}
