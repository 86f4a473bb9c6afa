using ChangeFeed.Timers;
using Microsoft.Extensions.Options;
using Orders.Hosting;
using Orders.Notification.Mail;
using Orders.PersonalData;

namespace Orders.Notification;

/// <summary>What the service is made of.</summary>
public static class NotificationWorker
{
    /// <summary>Tells customers how their orders end.</summary>
    public static Worker Worker { get; } = new(
        "notification",
        builder =>
        {
            builder.Services.AddPersonalData();
            builder.Services.AddSingleton<NotificationReactions>();
            builder.Services.AddSingleton<IValidateOptions<MailOptions>, MailOptionsValidation>();
            builder.Services.AddOptions<MailOptions>().Bind(builder.Configuration.GetSection(MailOptions.Section)).ValidateOnStart();
            builder.Services.AddSingleton<IMailer>(services => services.GetRequiredService<IOptions<MailOptions>>() is { Value.Smtp.Host.Length: > 0 } smtp
                ? new SmtpMailer(smtp, services.GetRequiredService<TimeProvider>())
                : new PickupMailer(services.GetRequiredService<IOptions<MailOptions>>(), services.GetRequiredService<TimeProvider>()));
            builder.Services.AddSingleton<MailRetry>();
            builder.Services.AddOrderTimer(_ => new TimerHandler(MailRetry.Name, "notification", MailRetry.WhenDue));
        },
        (feed, _) =>
        {
            feed.Endpoint("notification", endpoint =>
            {
                endpoint.AddConsumer<WhenCustomerIsToBeTold>();
                endpoint.PermanentFailure<MailRefusedException>();
                endpoint.Postpone((services, e, delivery, failure, stop) => services.GetRequiredService<MailRetry>().PostponeAsync(e, delivery, failure, stop));
            });
            feed.Endpoint("mail-erasure", endpoint => endpoint.AddConsumer<WhenPersonalDataErased>());
        });
}
