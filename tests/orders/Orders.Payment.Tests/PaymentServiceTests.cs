using Microsoft.Extensions.DependencyInjection;
using Orders.Contracts;
using Orders.PersonalData;
using static Orders.Testing.OrderStream;

namespace Orders.Payment.Tests;

public class PaymentServiceTests(ServiceOnStore<Program> service) : IClassFixture<ServiceOnStore<Program>>
{
    [Fact]
    public async Task A_taxed_order_is_paid_and_the_money_goes_back_when_it_is_cancelled()
    {
        var id = await service.AppendAsync(Placed(), Taxed());
        var paid = await service.StreamEndingWithAsync<PaymentCaptured>(id);
        await service.AppendToAsync(id, Cancelled());
        var refunded = await service.StreamEndingWithAsync<PaymentRefunded>(id);

        (paid[2].Meta.By, paid[2].Meta.CausationId).ShouldBe(("payment", paid[1].Meta.EventId));
        (refunded[4].Meta.By, refunded[4].Meta.CausationId).ShouldBe(("payment", refunded[3].Meta.EventId));
    }

    [Fact]
    public async Task A_rejected_order_gets_its_money_back() =>
        (await service.StreamEndingWithAsync<PaymentRefunded>(await service.AppendAsync(Placed(), Taxed(), Captured(), Rejected()))).Count.ShouldBe(5);

    [Fact]
    public async Task A_shipped_order_gets_its_money_back_when_an_agent_asks_for_it()
    {
        var stream = await service.StreamEndingWithAsync<PaymentRefunded>(await service.AppendAsync(Placed(), Taxed(), Captured(), Shipped(), RefundAsked()));

        stream.Count.ShouldBe(6);
        ((PaymentRefunded)stream[5].Data).Reason.ShouldBe("arrived broken");
        (stream[5].Meta.By, stream[5].Meta.CausationId).ShouldBe(("payment", stream[4].Meta.EventId));
    }

    [Theory]
    [InlineData("tok_declined", DeclineCode.InsufficientFunds, "insufficient funds")]
    [InlineData("tok_other", DeclineCode.UnknownToken, "unknown token")]
    public async Task A_payment_that_is_refused_ends_the_order(string token, DeclineCode code, string reason)
    {
        var stream = await service.StreamEndingWithAsync<PaymentDeclined>(await service.AppendAsync(Placed(token), Taxed()));

        stream[^1].Data.ShouldBe(new PaymentDeclined(code, reason, "USD", 106.29m));
    }

    [Fact]
    public async Task The_sealed_token_is_opened_for_the_gateway_alone()
    {
        var placed = await service.Services.GetRequiredService<PersonalDataProtector>()
            .SealAsync(Placed("tok_declined"), TestContext.Current.CancellationToken);
        var stream = await service.StreamEndingWithAsync<PaymentDeclined>(await service.AppendAsync(placed, Taxed()));

        placed.PaymentToken.ShouldStartWith("sealed1.");
        ((PaymentDeclined)stream[^1].Data).Code.ShouldBe(DeclineCode.InsufficientFunds);
    }

    [Fact]
    public async Task A_gateway_that_fails_for_a_moment_is_asked_again() =>
        (await service.StreamEndingWithAsync<PaymentCaptured>(await service.AppendAsync(Placed("tok_flaky"), Taxed()))).Count.ShouldBe(3);
}
