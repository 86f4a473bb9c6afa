using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Orders.Web.Access;

/// <summary>Settings that are whole numbers, each within limits.</summary>
public interface ILimitOptions
{
    /// <summary>Every setting, and from where to where it may be.</summary>
    IEnumerable<LimitSetting> Settings { get; }
}

/// <summary>One setting and its limits.</summary>
public sealed record LimitSetting(string Name, int Value, int Least, int Most);

/// <summary>Registration of <see cref="ILimitOptions"/>.</summary>
public static class LimitOptionsExtensions
{
    /// <summary>Reads the settings from a section of the configuration; the service does not start when one of them is wrong.</summary>
    public static void AddLimits<T>(this IServiceCollection services, string section)
        where T : class, ILimitOptions
    {
        services.AddSingleton<IValidateOptions<T>>(new LimitOptionsValidation<T>(section));
        services.AddOptions<T>().BindConfiguration(section).ValidateOnStart();
    }
}

/// <summary>Says which settings are wrong.</summary>
internal sealed class LimitOptionsValidation<T>(string section) : IValidateOptions<T>
    where T : class, ILimitOptions
{
    public ValidateOptionsResult Validate(string? name, T options)
    {
        var problems = options.Settings.Where(setting => setting.Value < setting.Least || setting.Value > setting.Most)
            .Select(setting => $"{section}:{setting.Name} is {setting.Value}; it must be from {setting.Least} to {setting.Most}.").ToList();
        return problems.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);
    }
}
