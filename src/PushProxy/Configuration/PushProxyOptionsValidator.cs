using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;
using Microsoft.Extensions.Options;

namespace PushProxy;

/// <summary>Collects all errors in a <see cref="PushProxyOptions"/>, each with its configuration path.</summary>
internal sealed class PushProxyOptionsValidator : IValidateOptions<PushProxyOptions>
{
    public ValidateOptionsResult Validate(string? name, PushProxyOptions options) =>
        Validate(options) is { Count: > 0 } errors
            ? ValidateOptionsResult.Fail(errors.Select(static e => e.ToString())) : ValidateOptionsResult.Success;

    public static IReadOnlyList<ConfigurationError> Validate(PushProxyOptions options, string root = "PushProxy")
    {
        var errors = new List<ConfigurationError>();
        CheckRanges(options.Defaults, $"{root}:Defaults", errors);
        CheckRanges(options.Learning, $"{root}:Learning", errors);
        CheckRanges(options.ClientCache, $"{root}:ClientCache", errors);
        CheckRanges(options.Cache, $"{root}:Cache", errors);
        CheckRanges(options.Shell, $"{root}:Shell", errors);
        if (options.Learning.Persist == true && options.DataDirectory is null)
        {
            errors.Add(new($"{root}:Learning:Persist", $"needs a folder: set {root}:DataDirectory"));
        }

        foreach (var (name, policy) in options.Policies)
        {
            var path = $"{root}:Policies:{name}";
            CheckRanges(policy, path, errors);
            if (name.Equals(DeliveryPolicy.Off, StringComparison.OrdinalIgnoreCase) ||
                name.Equals(DeliveryPolicy.Default, StringComparison.OrdinalIgnoreCase))
            {
                errors.Add(new(path, $"'{name}' is the name of a built-in policy; choose another"));
            }
        }

        return errors;
    }

    private static void CheckRanges(object options, string path, List<ConfigurationError> errors)
    {
        foreach (var property in options.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance))
        {
            var value = property.GetValue(options);
            if (property.GetCustomAttribute<RangeAttribute>() is { } range && !range.IsValid(value))
            {
                errors.Add(new($"{path}:{property.Name}", string.Create(
                    CultureInfo.InvariantCulture, $"must be between {range.Minimum} and {range.Maximum}, but is {value}")));
            }
        }
    }
}
