using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Orders.Web;

/// <summary>HEAD is what GET would answer, without the body (RFC 9110, 9.3.2): wherever there is a GET, and without an endpoint of its own.</summary>
public static class HeadRequests
{
    private static readonly object Asked = new();

    /// <summary>Whether only the head of the answer is wanted. An answer without an end asks, because nobody would ever see it end.</summary>
    public static bool IsHeadWanted(this HttpContext context) => context.Items.ContainsKey(Asked);

    /// <summary>Takes HEAD for GET; routing comes after it.</summary>
    internal static void UseHeadRequests(this WebApplication app)
    {
        app.Use(AnswerAsync);
        app.UseRouting();
    }

    private static async Task AnswerAsync(HttpContext context, RequestDelegate next)
    {
        if (!HttpMethods.IsHead(context.Request.Method))
        {
            await next(context);
            return;
        }

        var body = context.Features.GetRequiredFeature<IHttpResponseBodyFeature>();
        context.Items[Asked] = true;
        context.Request.Method = HttpMethods.Get;
        context.Features.Set<IHttpResponseBodyFeature>(new StreamResponseBodyFeature(Stream.Null, body));
        try
        {
            await next(context);
        }
        finally
        {
            context.Features.Set(body);
            context.Request.Method = HttpMethods.Head;
        }
    }
}
