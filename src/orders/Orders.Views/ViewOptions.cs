using ChangeFeed.MassTransit;
using ChangeFeed.Projections;
using Microsoft.Extensions.Options;
using Orders.Contracts;
using Orders.ReadModels;

namespace Orders.Views;

/// <summary>How the views follow the events. Section <c>Views</c>.</summary>
public sealed class ViewOptions
{
    /// <summary>Name of the configuration section.</summary>
    public const string Section = "Views";

    /// <summary>
    /// How late the views may be, so that several events of an order make one write; 0 to 10 seconds. The end of an order shows in its status at once;
    /// before that whoever asks for the order is told of the events after its view as well. On a real account the poll interval does the same.
    /// </summary>
    public TimeSpan Linger { get; set; } = TimeSpan.FromMilliseconds(500);

    internal bool IsValid => Linger >= TimeSpan.Zero && Linger <= TimeSpan.FromSeconds(10);

    /// <summary>The settings as they are; what is out of range is told when the service starts.</summary>
    public static ViewOptions From(IConfiguration configuration) =>
        configuration.GetSection(Section).Get<ViewOptions>() is { IsValid: true } valid ? valid : new ViewOptions();

    /// <summary>Says of the endpoint of a view how late it may be.</summary>
    public void Configure(IView view, ChangeFeedEndpointConfigurator endpoint)
    {
        endpoint.Linger = Linger;
        if (view.Name != ViewNames.OrderStatus)
            return;
        endpoint.Expedite<CustomerNotified>();
        endpoint.Expedite<NoticeDropped>();
        endpoint.Expedite<PersonalDataErased>();
    }
}

internal sealed class ViewOptionsValidation : IValidateOptions<ViewOptions>
{
    public ValidateOptionsResult Validate(string? name, ViewOptions options) => options.IsValid
        ? ValidateOptionsResult.Success
        : ValidateOptionsResult.Fail($"{ViewOptions.Section}:Linger is {options.Linger}; it must be 0 to 10 seconds, for example 00:00:00.500.");
}
