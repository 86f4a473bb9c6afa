using Microsoft.Extensions.Options;
using Orders.Contracts;
using Orders.Notification.Mail;
using Orders.PersonalData;
using static Orders.Testing.OrderStream;

namespace Orders.Notification.Tests;

public sealed class MailersTests : IDisposable
{
    private static readonly OutgoingMail Mail = new(
        "shipped-1@shop.example", Start, "ada@example.org", "Zoë\r\nBcc: all@example.org", "Your order is on its way", "Grüße\n.\n");

    private readonly TemporaryDirectory _directory = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private PickupMailer Pickup => new(Options.Create(new MailOptions { PickupDirectory = _directory.Path }), TimeProvider.System);

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task A_mail_sent_by_many_at_once_is_one_whole_file_in_the_pickup_directory()
    {
        await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => Task.Run(() => Pickup.SendAsync(Mail, Stop))));

        Directory.GetFileSystemEntries(_directory.Path).Select(Path.GetFileName).ShouldBe(["shipped-1.eml"]);
        _directory.Files("", "*.eml").ShouldHaveSingleItem().ShouldSatisfyAllConditions(
            file => File.ReadAllText(file).ShouldEndWith("\r\n\r\nGr=C3=BC=C3=9Fe\r\n.\r\n"));
    }

    [Fact]
    public async Task A_mail_sent_again_leaves_the_first_as_it_is()
    {
        await Pickup.SendAsync(Mail, Stop);
        await Pickup.SendAsync(Mail with { Body = "another" }, Stop);

        (await File.ReadAllTextAsync(_directory.Files("", "*.eml").Single(), Stop)).ShouldNotContain("another");
    }

    [Fact]
    public async Task The_file_of_an_international_address_holds_it_as_it_is()
    {
        await Pickup.SendAsync(Mail with { To = "jürgen@exämple.org" }, Stop);

        (await File.ReadAllTextAsync(_directory.Files("", "*.eml").Single(), Stop)).ShouldContain("<jürgen@exämple.org>");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_reaction_delivered_again_before_its_event_was_appended_sends_the_same_mail(bool askedForAgain)
    {
        var reactions = new NotificationReactions(Pickup, new PersonalDataProtector(new CustomerKeysInMemory()), Options.Create(new MailOptions()));
        var stream = Given(Placed(), Taxed(), Captured(), Shipped());
        if (askedForAgain)
        {
            stream.Append(new CustomerNotified(NoticeKind.Shipped, "email", "ada@example.org", "subject", "id@example.org"));
            stream.Append(NoticeAsked(NoticeKind.Shipped));
        }

        var first = await reactions.WhenCustomerIsToBeToldAsync(stream.Last, stream.Last, stream.State, Stop);
        var second = await reactions.WhenCustomerIsToBeToldAsync(stream.Last, stream.Last, stream.State, Stop);

        first.ShouldBe(second);
        first.ShouldHaveSingleItem().ShouldBeOfType<CustomerNotified>().Notice.ShouldBe(NoticeKind.Shipped);
        _directory.Files("", "*.eml").Length.ShouldBe(1);
    }

    [Fact]
    public async Task What_is_personal_is_opened_for_the_mail_alone()
    {
        var personal = new PersonalDataProtector(new CustomerKeysInMemory());
        var reactions = new NotificationReactions(Pickup, personal, Options.Create(new MailOptions()));
        var placed = await personal.SealAsync(Placed(), Stop);
        var stream = Given(placed, Taxed(), Captured(), Shipped());

        var notified = (await reactions.WhenCustomerIsToBeToldAsync(stream.Last, stream.Last, stream.State, Stop)).ShouldHaveSingleItem()
            .ShouldBeOfType<CustomerNotified>();

        notified.Recipient.ShouldBe(placed.Email);
        placed.Email.ShouldNotContain("ada");
        (await File.ReadAllTextAsync(_directory.Files("", "*.eml").ShouldHaveSingleItem(), Stop)).ShouldContain("ada@example.org");
    }

    [Fact]
    public async Task The_notice_to_a_customer_who_was_erased_is_dropped()
    {
        var keys = new CustomerKeysInMemory();
        var personal = new PersonalDataProtector(keys);
        var reactions = new NotificationReactions(Pickup, personal, Options.Create(new MailOptions()));
        var stream = Given(await personal.SealAsync(Placed(), Stop), Taxed(), Captured(), Shipped());
        await keys.DropAsync("c-1001", Stop);

        (await reactions.WhenCustomerIsToBeToldAsync(stream.Last, stream.Last, stream.State, Stop)).ShouldHaveSingleItem()
            .ShouldBe(new NoticeDropped(NoticeKind.Shipped, "the customer was erased"));
        _directory.Files("", "*.eml").ShouldBeEmpty();
    }

    [Fact]
    public async Task Nobody_else_reads_a_mail_in_the_pickup_directory()
    {
        if (OperatingSystem.IsWindows())
            Assert.Skip("Windows has no file modes.");
        await Pickup.SendAsync(Mail, Stop);

        if (!OperatingSystem.IsWindows())
            File.GetUnixFileMode(_directory.Files("", "*.eml").Single()).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    [Fact]
    public async Task What_a_killed_process_has_left_is_deleted_and_what_another_is_writing_is_not()
    {
        var (old, young) = (Path.Combine(_directory.Path, ".old.tmp"), Path.Combine(_directory.Path, ".young.tmp"));
        await File.WriteAllTextAsync(old, "Dear Ada", Stop);
        await File.WriteAllTextAsync(young, "Dear Ada", Stop);
        File.SetLastWriteTimeUtc(old, DateTime.UtcNow.AddMinutes(-2));

        Pickup.Forget([]);

        (File.Exists(old), File.Exists(young)).ShouldBe((false, true));
    }

    [Fact]
    public async Task A_mail_written_before_the_customer_was_marked_is_deleted_by_the_next_try()
    {
        var personal = new PersonalDataProtector(new CustomerKeysInMemory());
        var reactions = new NotificationReactions(Pickup, personal, Options.Create(new MailOptions()));
        var stream = Given(await personal.SealAsync(Placed(), Stop), Taxed(), Captured(), Shipped());
        var shipped = stream.Last;
        await reactions.WhenCustomerIsToBeToldAsync(shipped, shipped, stream.State, Stop);
        _directory.Files("", "*.eml").ShouldHaveSingleItem();

        stream.Append(new PersonalDataErased(60));
        (await reactions.WhenCustomerIsToBeToldAsync(shipped, shipped, stream.State, Stop)).ShouldBe([NotificationDecisions.NobodyToTell(NoticeKind.Shipped)]);

        _directory.Files("", "*.eml").ShouldBeEmpty(); // although the key is still remembered
    }

    [Theory]
    [InlineData("nobody", "", 25, "", "", 10, "Mail:From 'nobody' must be an address, for example 'Order desk <orders@example.org>'.")]
    [InlineData("a@b.example", " ", 25, "", "", 10, "Mail:PickupDirectory must name a directory, or Mail:Smtp:Host a mail server.")]
    [InlineData("a@b.example", "mail", 0, "", "", 10, "Mail:Smtp:Port must be between 1 and 65535.")]
    [InlineData("a@b.example", "mail", 25, "me", "", 10, "Mail:Smtp:Username and Mail:Smtp:Password must be set together.")]
    [InlineData("a@b.example", "mail", 25, "", "", 0, "Mail:Smtp:Timeout must be between 00:00:00.100 and 00:01:00.")]
    [InlineData("a@b.example", "mail", 25, "", "", 61, "Mail:Smtp:Timeout must be between 00:00:00.100 and 00:01:00.")]
    [InlineData("jürgen@b.example", "mail", 25, "", "", 10, "Mail:From 'jürgen@b.example' must be an address, for example 'Order desk <orders@example.org>'.")]
    public void A_wrong_setting_is_named(string from, string pickup, int port, string user, string password, int timeout, string sentence) =>
        new MailOptionsValidation().Validate(null, new MailOptions
        {
            From = from,
            PickupDirectory = pickup,
            Smtp = { Port = port, Username = user, Password = password, Timeout = TimeSpan.FromSeconds(timeout) },
        }).FailureMessage.ShouldBe(sentence);
}
