using Microsoft.Extensions.Options;

namespace Orders.Tax;

/// <summary>Section <c>Tax</c>.</summary>
public sealed class TaxOptions
{
    public const string Section = "Tax";

    /// <summary>The file of the rates; the one delivered with the service unless another is named.</summary>
    public string RatesFile { get; set; } = Path.Combine(AppContext.BaseDirectory, "tax-rates.csv");
}

public sealed class TaxOptionsValidation : IValidateOptions<TaxOptions>
{
    public ValidateOptionsResult Validate(string? name, TaxOptions options)
    {
        try
        {
            TaxRateFile.Parse(File.ReadLines(options.RatesFile));
            return ValidateOptionsResult.Success;
        }
        catch (FormatException e)
        {
            return ValidateOptionsResult.Fail($"Tax:RatesFile '{options.RatesFile}' cannot be used: {e.Message}");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return ValidateOptionsResult.Fail($"Tax:RatesFile '{options.RatesFile}' cannot be read: {e.Message}");
        }
    }
}
