using System.Text;
using Microsoft.Extensions.Options;
using MimeKit;
using Orders.Hosting;
using Orders.Hosting.Files;

namespace Orders.Notification.Mail;

/// <summary>Section <c>Mail</c>.</summary>
public sealed class MailOptions
{
    public const string Section = "Mail";

    /// <summary>The sender of all notices: an address of ASCII before the at sign, with or without a name.</summary>
    public string From { get; set; } = "Order desk <orders@order-pipeline.example>";

    /// <summary>Where mails are put as files while no mail server is configured. Relative to the current directory.</summary>
    public string PickupDirectory { get; set; } = Path.Combine(".data", "mail");

    /// <summary>The mail server.</summary>
    public SmtpOptions Smtp { get; set; } = new();

    /// <summary>How long after its tries failed a mail is tried again; 10 seconds to 30 days.</summary>
    public TimeSpan TryAgainAfter { get; set; } = TimeSpan.FromDays(1);

    /// <summary>How often a mail is tried again that late, before its order is parked; 0 to 30.</summary>
    public int LaterTries { get; set; } = 3;

    /// <summary>Domain of the sender, in ASCII.</summary>
    public string Domain => MailboxAddress.Parse(From).GetAddress(idnEncode: true).Split('@')[^1];
}

/// <summary>Section <c>Mail:Smtp</c>.</summary>
public sealed class SmtpOptions
{
    /// <summary>Name or address; empty for the pickup directory.</summary>
    public string Host { get; set; } = "";

    /// <summary>1 to 65535; 25 between servers, 587 where a login is wanted.</summary>
    public int Port { get; set; } = 25;

    /// <summary>
    /// True to upgrade the connection with STARTTLS before anything is said; a server that does not offer it, or whose certificate this
    /// machine does not trust, gets no mail. False to send in the clear.
    /// </summary>
    public bool Tls { get; set; }

    /// <summary>
    /// Login, together with <see cref="Password"/>; empty for a server that asks for none. Without <see cref="Tls"/> it goes in the clear.
    /// </summary>
    public string Username { get; set; } = "";

    /// <summary>Password of <see cref="Username"/>. Best given as the environment variable <c>Mail__Smtp__Password</c>.</summary>
    public string Password { get; set; } = "";

    /// <summary>
    /// How long one mail may take, from connecting to the server's last answer; 100 ms to 1 minute. A server that takes longer is given
    /// up, which counts as a failure that may pass.
    /// </summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(10);
}

public sealed class MailOptionsValidation : IValidateOptions<MailOptions>
{
    private static readonly TimeSpan ShortestTimeout = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestTimeout = TimeSpan.FromMinutes(1);

    public ValidateOptionsResult Validate(string? name, MailOptions options)
    {
        if (!MailboxAddress.TryParse(options.From, out var from) || from.Domain.Length == 0 || !Ascii.IsValid(from.LocalPart))
            return ValidateOptionsResult.Fail($"Mail:From '{options.From}' must be an address, for example 'Order desk <orders@example.org>'.");
        if (options.Smtp.Host.Length == 0 && string.IsNullOrWhiteSpace(options.PickupDirectory))
            return ValidateOptionsResult.Fail("Mail:PickupDirectory must name a directory, or Mail:Smtp:Host a mail server.");
        if (options.TryAgainAfter < TimeSpan.FromSeconds(10) || options.TryAgainAfter > TimeSpan.FromDays(30))
            return ValidateOptionsResult.Fail("Mail:TryAgainAfter must be between 00:00:10 and 30.00:00:00.");
        if (options.LaterTries is < 0 or > 30)
            return ValidateOptionsResult.Fail("Mail:LaterTries must be between 0 and 30.");
        if (options.Smtp.Port is < 1 or > 65535)
            return ValidateOptionsResult.Fail("Mail:Smtp:Port must be between 1 and 65535.");
        if (options.Smtp.Timeout < ShortestTimeout || options.Smtp.Timeout > LongestTimeout)
            return ValidateOptionsResult.Fail("Mail:Smtp:Timeout must be between 00:00:00.100 and 00:01:00.");
        if (options.Smtp.Username.Length == 0 != (options.Smtp.Password.Length == 0))
            return ValidateOptionsResult.Fail("Mail:Smtp:Username and Mail:Smtp:Password must be set together.");
        return options.Smtp.Host.Length > 0
            ? ValidateOptionsResult.Success
            : WritableDirectory.Validate("Mail:PickupDirectory", options.PickupDirectory);
    }
}
