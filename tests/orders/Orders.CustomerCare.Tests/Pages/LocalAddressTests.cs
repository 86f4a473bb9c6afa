using Microsoft.AspNetCore.Http;
using Orders.CustomerCare.Pages;

namespace Orders.CustomerCare.Tests.Pages;

public sealed class LocalAddressTests
{
    [Theory]
    [InlineData("/")]
    [InlineData("/orders/17?at=3")]
    [InlineData("/search?q=//host")]
    public void A_path_of_this_site_is_followed(string address)
    {
        LocalAddress.IsLocal(address).ShouldBeTrue();
        LocalAddress.OrHome(address).ShouldBe(address);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("orders")]
    [InlineData("//host")]
    [InlineData("/\\host")]
    [InlineData("\\\\host")]
    [InlineData("/\t/host")]
    [InlineData("/\n/host")]
    [InlineData("/\r\n/host")]
    [InlineData("\t//host")]
    [InlineData("https://host/")]
    [InlineData("javascript:alert(1)")]
    public void Whatever_a_browser_takes_elsewhere_leads_to_the_first_page(string? address)
    {
        LocalAddress.IsLocal(address).ShouldBeFalse();
        LocalAddress.OrHome(address).ShouldBe("/");
    }

    [Fact]
    public void A_page_links_to_itself_unless_its_path_reads_like_a_host()
    {
        LocalAddress.Of(Request("/orders/17", "?at=3")).ShouldBe("/orders/17?at=3");
        LocalAddress.Of(Request("//host/orders", "")).ShouldBe("/");
    }

    private static HttpRequest Request(string path, string query)
    {
        var http = new DefaultHttpContext();
        http.Request.Path = path;
        http.Request.QueryString = new QueryString(query);
        return http.Request;
    }
}
