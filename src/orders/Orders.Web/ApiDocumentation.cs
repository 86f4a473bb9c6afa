using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Microsoft.OpenApi;
using Orders.Web.Access;

namespace Orders.Web;

/// <summary>What the OpenAPI document says about an endpoint beyond its types.</summary>
public static class ApiDocumentation
{
    /// <summary>An answer with a body, in words and as an example.</summary>
    public static RouteHandlerBuilder Answers<T>(this RouteHandlerBuilder endpoint, int status, string description, T example)
    {
        endpoint.Produces<T>(status);
        return endpoint.Document((operation, json) =>
        {
            var response = Response(operation, status);
            response.Description = description;
            if (response.Content?.TryGetValue("application/json", out var media) == true)
                media.Example = JsonSerializer.SerializeToNode(example, json);
        });
    }

    /// <summary>An answer that goes on as server-sent events.</summary>
    public static RouteHandlerBuilder AnswersEventStream(this RouteHandlerBuilder endpoint, string description) => endpoint
        .Produces<string>(StatusCodes.Status200OK, "text/event-stream")
        .Document((operation, _) => Response(operation, StatusCodes.Status200OK).Description = description);

    /// <summary>An error, answered as problem details.</summary>
    public static RouteHandlerBuilder AnswersProblem(this RouteHandlerBuilder endpoint, int status, string description)
    {
        if (status == StatusCodes.Status400BadRequest)
            endpoint.ProducesValidationProblem(status);
        else
            endpoint.ProducesProblem(status);
        return endpoint.Document((operation, _) => Response(operation, status).Description = description);
    }

    /// <summary>The errors every endpoint can answer with: callers, and the store.</summary>
    public static RouteHandlerBuilder AnswersCommonProblems(this RouteHandlerBuilder endpoint) => endpoint
        .AnswersProblem(StatusCodes.Status401Unauthorized, $"A key in {ApiKey.Header} or a token is needed, or the one sent is not valid.")
        .AnswersProblem(StatusCodes.Status403Forbidden, "The caller is known, but may not do this.")
        .AnswersProblem(StatusCodes.Status429TooManyRequests, "More than this caller may send. Try again after the seconds in Retry-After.")
        .AnswersHeader(StatusCodes.Status429TooManyRequests, "Retry-After", "Seconds to wait before trying again.")
        .AnswersProblem(StatusCodes.Status500InternalServerError, "Something went wrong in the service; the trace id leads to it.")
        .AnswersProblem(StatusCodes.Status503ServiceUnavailable, "The store cannot be reached or is too busy. Try again after the seconds in Retry-After.")
        .AnswersHeader(StatusCodes.Status503ServiceUnavailable, "Retry-After", "Seconds to wait before trying again.");

    /// <summary>A header of an answer.</summary>
    public static RouteHandlerBuilder AnswersHeader(this RouteHandlerBuilder endpoint, int status, string name, string description) =>
        endpoint.Document((operation, _) =>
        {
            var response = Response(operation, status);
            response.Headers ??= new Dictionary<string, IOpenApiHeader>();
            response.Headers[name] = new OpenApiHeader { Description = description, Schema = new OpenApiSchema { Type = JsonSchemaType.String } };
        });

    /// <summary>An example of the request's body.</summary>
    public static RouteHandlerBuilder WithRequestExample<T>(this RouteHandlerBuilder endpoint, T example) =>
        endpoint.Document((operation, json) =>
        {
            if (operation.RequestBody?.Content?.TryGetValue("application/json", out var media) == true)
                media.Example = JsonSerializer.SerializeToNode(example, json);
        });

    /// <summary>An example of a parameter.</summary>
    public static RouteHandlerBuilder WithParameterExample(this RouteHandlerBuilder endpoint, string name, JsonNode example) =>
        endpoint.Document((operation, _) => Parameter(operation, name).Example = example);

    /// <summary>A parameter that is bound as text and is a whole number.</summary>
    public static RouteHandlerBuilder WithWholeNumber(this RouteHandlerBuilder endpoint, string name, long least, long? most = null) =>
        endpoint.Document((operation, _) => Parameter(operation, name).Schema = new OpenApiSchema
        {
            Type = JsonSchemaType.Integer,
            Format = "int64",
            Minimum = least.ToString(CultureInfo.InvariantCulture),
            Maximum = most?.ToString(CultureInfo.InvariantCulture),
        });

    private static RouteHandlerBuilder Document(this RouteHandlerBuilder endpoint, Action<OpenApiOperation, JsonSerializerOptions> change) =>
        endpoint.AddOpenApiOperationTransformer((operation, context, _) =>
        {
            change(operation, context.ApplicationServices.GetRequiredService<IOptions<JsonOptions>>().Value.SerializerOptions);
            return Task.CompletedTask;
        });

    private static OpenApiResponse Response(OpenApiOperation operation, int status) =>
        (OpenApiResponse)operation.Responses![status.ToString(CultureInfo.InvariantCulture)];

    private static OpenApiParameter Parameter(OpenApiOperation operation, string name) =>
        (OpenApiParameter)operation.Parameters!.Single(p => p.Name == name);
}
