namespace Orders.Tax.Tests;

public class TaxRateFileTests
{
    private const string Header = "country,region,rate,validFrom";

    [Theory]
    [InlineData("US,WA,0.065,2020-01-01", "line 1 must be the header 'country,region,rate,validFrom'.")]
    [InlineData(Header, "it has no rates.")]
    [InlineData(Header + "|US,WA,0.065", "line 2 must have the 4 fields country,region,rate,validFrom.")]
    [InlineData(Header + "|# comment||XX,,0.1,2020-01-01", "line 4: 'XX' is not a country code of ISO 3166-1, for example US.")]
    [InlineData(Header + "|US,Washington,0.1,2020-01-01", "line 2: region 'Washington' must be up to three capital letters or digits, for example WA.")]
    [InlineData(Header + "|DE,,19,2020-01-01", "line 2: rate '19' must be a fraction from 0 to 1, for example 0.19.")]
    [InlineData(Header + "|DE,,-0.1,2020-01-01", "line 2: rate '-0.1' must be a fraction from 0 to 1, for example 0.19.")]
    [InlineData(Header + "|DE,,0.19,1.1.2020", "line 2: validFrom '1.1.2020' must be a date like 2025-01-31.")]
    [InlineData(Header + "|DE,,0.19,2020-01-01|DE,,0.2,2020-01-01", "line 3 gives DE a second rate from 2020-01-01.")]
    public void A_wrong_file_is_refused_with_the_line_and_what_to_do(string lines, string sentence) =>
        Should.Throw<FormatException>(() => TaxRateFile.Parse(lines.Split('|'))).Message.ShouldBe(sentence);

    [Fact]
    public void A_file_that_is_not_there_is_named_at_start()
    {
        var result = new TaxOptionsValidation().Validate(null, new TaxOptions { RatesFile = "nowhere.csv" });

        result.FailureMessage.ShouldStartWith("Tax:RatesFile 'nowhere.csv' cannot be read:");
    }

    [Fact]
    public void The_file_delivered_with_the_service_is_valid() =>
        new TaxOptionsValidation().Validate(null, new TaxOptions()).Succeeded.ShouldBeTrue();
}
