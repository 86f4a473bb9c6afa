using Microsoft.AspNetCore.Http;

namespace Orders.Web;

/// <summary>A request that cannot be served as it is; answered with problem details that say what to change.</summary>
public sealed class InvalidRequestException : Exception
{
    /// <summary>A request with wrong fields: 400 with <c>errors</c>.</summary>
    public InvalidRequestException(FieldErrors errors)
        : this(StatusCodes.Status400BadRequest, "Some fields are not as they must be; 'errors' names each of them.") => Errors = errors.ToDictionary();

    /// <summary>A request that is wrong as a whole.</summary>
    public InvalidRequestException(int status, string detail)
        : base(detail) => Status = status;

    /// <summary>HTTP status of the answer.</summary>
    public int Status { get; }

    /// <summary>The wrong fields; null when the request is wrong as a whole.</summary>
    public IDictionary<string, string[]>? Errors { get; }

    /// <summary>When the same request may be served; null where it has to be changed.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>A request with one wrong field, header or parameter.</summary>
    public static InvalidRequestException Of(string field, string problem)
    {
        var errors = new FieldErrors();
        errors.Add(field, problem);
        return new InvalidRequestException(errors);
    }
}
