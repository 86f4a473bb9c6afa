using System.Globalization;
using System.Text.Json;
using ChangeFeed.Emulator.Engine;
using ChangeFeed.Emulator.Model;
using ChangeFeed.Emulator.Protocol;
using ChangeFeed.Emulator.Storage;

namespace ChangeFeed.Emulator.Endpoints;

/// <summary>Provisioned throughput: kept and shown as set, manual or autoscale.</summary>
internal sealed class OfferEndpoints(EngineState state)
{
    private const int MaxBody = 64 * 1024;
    private const int Minimum = 400;
    private const int AutoscaleMinimum = 1000;

    /// <summary>What a container has that neither asks for throughput nor lies in a database that has some.</summary>
    public static ProvisionedThroughput Default => new(Minimum);

    /// <summary>The throughput a create request asks for; null where it asks for none.</summary>
    public static ProvisionedThroughput? Asked(CosmosRequest request)
    {
        if (request.Header(Headers.OfferAutopilot) is { } autopilot)
        {
            using var settings = JsonBody.Parse(System.Text.Encoding.UTF8.GetBytes(autopilot));
            return Autoscale(settings.RootElement);
        }
        if (request.Header(Headers.OfferThroughput) is not { } text)
            return null;
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var throughput)
            ? new(Valid(throughput))
            : throw CosmosErrorException.BadRequest(
                $"{Headers.OfferThroughput} is '{text}'; it must be a whole number of request units per second.");
    }

    /// <summary>Writes the offer of a new resource.</summary>
    public static Offer Save(WriteContext context, string rid, string self, ProvisionedThroughput asked)
    {
        var offer = new Offer(context.Session.NextNumber(), rid, self, asked, context.Now, Etag.New());
        context.Session.SaveOffer(offer);
        return offer;
    }

    public Task ReadAsync(CosmosRequest request, string rid) => AnswerAsync(request, state.Catalogue.Offer(rid));

    public Task ListAsync(CosmosRequest request) =>
        request.WriteResourcesAsync("", "Offers", state.Catalogue.Offers, offer => $"{offer.Number:D10}", Write);

    public async Task ReplaceAsync(CosmosRequest request, string rid)
    {
        using var body = JsonBody.Parse(await request.ReadBodyAsync(MaxBody));
        if (body.RootElement.ValueKind != JsonValueKind.Object || !body.RootElement.TryGetProperty("content", out var content))
            throw CosmosErrorException.BadRequest("An offer needs 'content'.");
        var asked = content.TryGetProperty("offerAutopilotSettings", out var settings) && settings.ValueKind == JsonValueKind.Object
            ? Autoscale(settings)
            : content.TryGetProperty("offerThroughput", out var throughput) && throughput.ValueKind == JsonValueKind.Number
                && throughput.TryGetInt32(out var units)
                ? new ProvisionedThroughput(Valid(units))
                : throw CosmosErrorException.BadRequest("An offer's content needs 'offerThroughput' or 'offerAutopilotSettings'.");
        var ifMatch = request.Header("If-Match");
        var offer = await state.ChangeAsync(context =>
        {
            var current = state.Catalogue.Offer(rid);
            if (ifMatch is not null && !Etag.Matches(ifMatch, current.Etag))
                throw CosmosErrorException.PreconditionFailed($"The etag of offer '{rid}' is {current.Etag}, not {ifMatch}.");
            var replaced = current with
            {
                Throughput = asked,
                Timestamp = context.Now,
                Etag = Etag.New()
            };
            context.Session.SaveOffer(replaced);
            context.OnCommit(() => state.Catalogue.Add(replaced));
            return replaced;
        });
        await AnswerAsync(request, offer);
    }

    private static ProvisionedThroughput Autoscale(JsonElement settings)
    {
        if (settings.ValueKind != JsonValueKind.Object || !settings.TryGetProperty("maxThroughput", out var max)
            || max.ValueKind != JsonValueKind.Number || !max.TryGetInt32(out var maximum) || maximum < AutoscaleMinimum
                || maximum % AutoscaleMinimum != 0)
            throw CosmosErrorException.BadRequest($"Autoscale needs 'maxThroughput', a multiple of {AutoscaleMinimum}.");
        return new(maximum / 10, maximum, UpgradePercent(settings));
    }

    private static int? UpgradePercent(JsonElement settings)
    {
        if (!settings.TryGetProperty("autoUpgradePolicy", out var upgrade) || upgrade.ValueKind != JsonValueKind.Object
            || !upgrade.TryGetProperty("throughputPolicy", out var policy) || policy.ValueKind != JsonValueKind.Object)
            return null;
        return policy.TryGetProperty("incrementPercent", out var increment) && increment.ValueKind == JsonValueKind.Number
            && increment.TryGetInt32(out var percent) && percent >= 0
                ? percent
                : throw CosmosErrorException.BadRequest("'autoUpgradePolicy.throughputPolicy' needs 'incrementPercent', a whole number.");
    }

    private static int Valid(int throughput) =>
        throughput >= Minimum && throughput % 100 == 0
            ? throughput
            : throw CosmosErrorException.BadRequest($"The throughput {throughput} must be at least {Minimum} and a multiple of 100.");

    private static Task AnswerAsync(CosmosRequest request, Offer offer)
    {
        request.Http.Response.Headers[Headers.MinimumThroughput] = Minimum.ToString(CultureInfo.InvariantCulture);
        return request.Http.Response.WriteResourceAsync(200, offer.Etag, writer => Write(writer, offer));
    }

    public static void Write(Utf8JsonWriter writer, Offer offer)
    {
        writer.WriteStartObject();
        writer.WriteString("id", offer.RidText);
        writer.WriteString("_rid", offer.RidText);
        writer.WriteString("_self", $"offers/{offer.RidText}/");
        writer.WriteString("_etag", offer.Etag);
        writer.WriteNumber("_ts", offer.Timestamp);
        writer.WriteString("offerVersion", "V2");
        writer.WriteString("resource", offer.ResourceSelf);
        writer.WriteString("offerResourceId", offer.ResourceRid);
        writer.WriteString("offerType", "Invalid");
        writer.WriteStartObject("content");
        writer.WriteNumber("offerThroughput", offer.Throughput.UnitsPerSecond);
        writer.WriteBoolean("offerIsRUPerMinuteThroughputEnabled", false);
        if (offer.Throughput.AutoscaleMaximum is { } maximum)
        {
            writer.WriteStartObject("offerAutopilotSettings");
            writer.WriteNumber("maxThroughput", maximum);
            if (offer.Throughput.UpgradePercent is { } percent)
            {
                writer.WriteStartObject("autoUpgradePolicy");
                writer.WriteStartObject("throughputPolicy");
                writer.WriteNumber("incrementPercent", percent);
                writer.WriteEndObject();
                writer.WriteEndObject();
            }
            writer.WriteEndObject();
        }
        writer.WriteEndObject();
        writer.WriteEndObject();
    }
}
