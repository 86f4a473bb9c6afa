using ChangeFeed.ServiceDefaults;
using Microsoft.Extensions.Options;
using Orders.Hosting;
using Orders.Notification;
using Orders.Notification.Mail;
using Orders.PersonalData;

var builder = WebApplication.CreateBuilder(args);
builder.AddOrderService("notification");
builder.Services.AddPersonalData();
builder.AddChangeFeed(feed =>
{
    feed.Endpoint("notification", endpoint =>
    {
        endpoint.AddConsumer<WhenCustomerIsToBeTold>();
        endpoint.PermanentFailure<MailRefusedException>();
    });
    feed.Endpoint("mail-erasure", endpoint => endpoint.AddConsumer<WhenPersonalDataErased>());
});
builder.Services.AddSingleton<NotificationReactions>();
builder.Services.AddSingleton<IValidateOptions<MailOptions>, MailOptionsValidation>();
builder.Services.AddOptions<MailOptions>().Bind(builder.Configuration.GetSection(MailOptions.Section)).ValidateOnStart();
builder.Services.AddSingleton<IMailer>(services => services.GetRequiredService<IOptions<MailOptions>>() is { Value.Smtp.Host.Length: > 0 } smtp
    ? new SmtpMailer(smtp, services.GetRequiredService<TimeProvider>())
    : new PickupMailer(services.GetRequiredService<IOptions<MailOptions>>(), services.GetRequiredService<TimeProvider>()));

return await builder.RunServiceAsync(app => app.MapServiceDefaults());
