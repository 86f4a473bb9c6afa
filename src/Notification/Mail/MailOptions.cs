using System.Net.Mail;
using Microsoft.Extensions.Options;
using OrderPipeline.ServiceDefaults;

namespace OrderPipeline.Notification;

/// <summary>Section <c>Mail</c>.</summary>
public sealed class MailOptions
{
    public const string Section = "Mail";

    /// <summary>The sender of all notices.</summary>
    public string From { get; set; } = "Order desk <orders@order-pipeline.example>";

    /// <summary>Where mails are put as files while no mail server is configured. Relative to the current directory.</summary>
    public string PickupDirectory { get; set; } = Path.Combine(".data", "mail");

    /// <summary>The mail server.</summary>
    public SmtpOptions Smtp { get; set; } = new();

    /// <summary>Domain of the sender.</summary>
    public string Domain => new MailAddress(From).Host;
}

/// <summary>Section <c>Mail:Smtp</c>.</summary>
public sealed class SmtpOptions
{
    /// <summary>Name or address; empty for the pickup directory.</summary>
    public string Host { get; set; } = "";

    public int Port { get; set; } = 25;

    /// <summary>Whether the connection must be upgraded with STARTTLS.</summary>
    public bool Tls { get; set; }

    /// <summary>Empty for a server that asks for no login.</summary>
    public string Username { get; set; } = "";

    public string Password { get; set; } = "";
}

public sealed class MailOptionsValidation : IValidateOptions<MailOptions>
{
    public ValidateOptionsResult Validate(string? name, MailOptions options)
    {
        if (!MailAddress.TryCreate(options.From, out _))
            return ValidateOptionsResult.Fail($"Mail:From '{options.From}' must be an address, for example 'Order desk <orders@example.org>'.");
        if (options.Smtp.Host.Length == 0 && string.IsNullOrWhiteSpace(options.PickupDirectory))
            return ValidateOptionsResult.Fail("Mail:PickupDirectory must name a directory, or Mail:Smtp:Host a mail server.");
        if (options.Smtp.Port is < 1 or > 65535)
            return ValidateOptionsResult.Fail("Mail:Smtp:Port must be between 1 and 65535.");
        if (options.Smtp.Username.Length == 0 != (options.Smtp.Password.Length == 0))
            return ValidateOptionsResult.Fail("Mail:Smtp:Username and Mail:Smtp:Password must be set together.");
        return options.Smtp.Host.Length > 0
            ? ValidateOptionsResult.Success
            : WritableDirectory.Validate("Mail:PickupDirectory", options.PickupDirectory);
    }
}
