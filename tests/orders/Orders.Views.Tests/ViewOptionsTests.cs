using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Orders.Views.Tests;

public sealed class ViewOptionsTests
{
    [Theory]
    [InlineData("00:00:11")]
    [InlineData("-00:00:01")]
    public void A_linger_out_of_range_is_one_sentence(string value)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Configuration["Views:Linger"] = value;
        builder.AddViewServices([]);
        using var services = builder.Services.BuildServiceProvider();

        Should.Throw<OptionsValidationException>(() => services.GetRequiredService<IOptions<ViewOptions>>().Value).Message
            .ShouldBe($"Views:Linger is {value}; it must be 0 to 10 seconds, for example 00:00:00.500.");
    }

    [Fact]
    public void Half_a_second_is_the_default_and_none_is_possible()
    {
        ViewOptions.From(new ConfigurationBuilder().Build()).Linger.ShouldBe(TimeSpan.FromMilliseconds(500));
        ViewOptions.From(new ConfigurationBuilder().AddInMemoryCollection([new("Views:Linger", "00:00:00")]).Build()).Linger.ShouldBe(TimeSpan.Zero);
    }
}
