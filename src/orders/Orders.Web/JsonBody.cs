using System.Reflection;
using System.Text.Json;
using System.Text.Unicode;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;

namespace Orders.Web;

/// <summary>A request body that reads itself field by field, so that every wrong field can be named at once.</summary>
public interface IJsonRequest<out TSelf>
    where TSelf : class, IJsonRequest<TSelf>
{
    /// <summary>Reads the body; what is wrong is noted in <see cref="JsonFields.Errors"/>.</summary>
    static abstract TSelf Read(JsonFields fields);
}

/// <summary>The body of a request as a parameter of an endpoint. The endpoint runs only when it was read without errors.</summary>
public sealed record JsonBody<T>(T Value) : IEndpointParameterMetadataProvider
    where T : class, IJsonRequest<T>
{
    /// <summary>Reads the body.</summary>
    /// <exception cref="InvalidRequestException">It is not JSON, too large, or has wrong fields.</exception>
    public static async ValueTask<JsonBody<T>?> BindAsync(HttpContext context, ParameterInfo parameter)
    {
        RequireJson(context.Request);
        return new JsonBody<T>(Parse(await JsonBody.ReadAsync(context.Request, context.RequestAborted)));
    }

    /// <summary>Reads a body from its bytes.</summary>
    /// <exception cref="InvalidRequestException">It is not JSON or has wrong fields.</exception>
    public static T Parse(ReadOnlyMemory<byte> utf8)
    {
        using var json = JsonBody.Parse(utf8);
        var errors = new FieldErrors();
        var value = JsonFields.ReadBody(json.RootElement, errors, T.Read);
        return errors.Any ? throw new InvalidRequestException(errors) : value;
    }

    /// <summary>Tells routing and the OpenAPI document about the body.</summary>
    public static void PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder) =>
        builder.Metadata.Add(new AcceptsMetadata(["application/json"], typeof(T)));

    private static void RequireJson(HttpRequest request)
    {
        if (!request.HasJsonContentType() || (request.GetTypedHeaders().ContentType?.Encoding ?? System.Text.Encoding.UTF8).CodePage != 65001)
            throw new InvalidRequestException(StatusCodes.Status415UnsupportedMediaType, JsonBody.NotJson);
    }
}

internal static class JsonBody
{
    public const int MaxBytes = ApiExtensions.MaxBodyBytes;
    public const string NotJson = "The body must be JSON in UTF-8: set the header Content-Type to application/json.";

    public static async Task<ReadOnlyMemory<byte>> ReadAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        if (request.ContentLength > MaxBytes)
            throw TooLarge();
        var buffer = new byte[(int)(request.ContentLength ?? MaxBytes) + 1];
        var length = await request.Body.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken);
        return length > MaxBytes ? throw TooLarge() : buffer.AsMemory(0, length);
    }

    public static JsonDocument Parse(ReadOnlyMemory<byte> utf8)
    {
        if (utf8.Span.StartsWith("\uFEFF"u8))
            utf8 = utf8[3..];
        if (utf8.Length == 0)
            throw InvalidRequestException.Of(FieldErrors.Body, "The body is empty; it must be a JSON object.");
        if (!Utf8.IsValid(utf8.Span))
            throw InvalidRequestException.Of(FieldErrors.Body, "The body must be UTF-8.");
        try
        {
            return JsonDocument.Parse(utf8);
        }
        catch (JsonException e)
        {
            throw InvalidRequestException.Of(FieldErrors.Body, $"Is not valid JSON: {Describe(e)}");
        }
    }

    private static string Describe(JsonException e)
    {
        // The reader counts from 0 and appends the place in its own words.
        var end = e.Message.IndexOf(" LineNumber:", StringComparison.Ordinal);
        var problem = (end < 0 ? e.Message : e.Message[..end]).Replace(" Change the reader options.", "", StringComparison.Ordinal);
        return $"line {e.LineNumber + 1}, position {e.BytePositionInLine + 1}: {problem}";
    }

    private static InvalidRequestException TooLarge() =>
        new(StatusCodes.Status413PayloadTooLarge, $"The body must not be larger than {MaxBytes / 1024} KB.");
}
