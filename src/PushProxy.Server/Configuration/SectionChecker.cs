using System.Collections;
using System.ComponentModel;
using System.Reflection;

namespace PushProxy.Server.Configuration;

/// <summary>
/// Compares a configuration section with the types it is bound to. Every unknown key, and every value that can't be converted, is an
/// error with its path. The binder alone ignores unknown keys, and stops at the first value it can't convert.
/// </summary>
internal static class SectionChecker
{
    public static void Check(IConfigurationSection section, IReadOnlyList<Type> types, List<ConfigurationError> errors)
    {
        var properties = types
            .SelectMany(t => t.GetProperties(BindingFlags.Public | BindingFlags.Instance))
            .Where(p => p.CanWrite || IsDictionary(p.PropertyType))
            .DistinctBy(p => p.Name, StringComparer.OrdinalIgnoreCase)
            .ToDictionary(p => p.Name, p => p.PropertyType, StringComparer.OrdinalIgnoreCase);
        foreach (var child in section.GetChildren())
        {
            if (properties.TryGetValue(child.Key, out var type))
            {
                CheckValue(child, type, errors);
            }
            else
            {
                errors.Add(new(child.Path, $"unknown setting{Spelling.Suggestion(child.Key, properties.Keys)}"));
            }
        }
    }

    private static void CheckValue(IConfigurationSection section, Type type, List<ConfigurationError> errors)
    {
        var target = Nullable.GetUnderlyingType(type) ?? type;
        if (IsDictionary(target))
        {
            NoSingleValue(section, "named groups of settings", errors);
            foreach (var child in section.GetChildren())
            {
                CheckValue(child, target.GetGenericArguments()[1], errors);
            }
        }
        else if (target != typeof(string) && typeof(IEnumerable).IsAssignableFrom(target))
        {
            var item = target.GetGenericArguments()[0];
            if (item != typeof(string))
            {
                // A list of texts may be one text with semicolons.
                NoSingleValue(section, "a list", errors);
            }

            if (ListText.HasNames(section))
            {
                errors.Add(new(section.Path, $"must be a list {(item == typeof(string) ? "[ … ]" : "[{ … }]")}, but is a group {{ … }}"));
                return;
            }

            foreach (var child in section.GetChildren())
            {
                CheckValue(child, item, errors);
            }
        }
        else if (target.IsClass && target != typeof(string))
        {
            NoSingleValue(section, "a group of settings", errors);
            Check(section, [target], errors);
        }
        else if (section.GetChildren().Any())
        {
            errors.Add(new(section.Path, "must be a single value"));
        }
        else if (section.Value is null && target.IsValueType)
        {
            // The binder would take zero.
            errors.Add(new(section.Path, $"null is {Describe(target)}; leave the setting out"));
        }
        else if (target == typeof(TimeSpan) && section.Value is { } text && TimeSpanText.Problem(text) is { } problem)
        {
            errors.Add(new(section.Path, problem));
        }
        else if (section.Value is { } value && !CanConvert(value, target))
        {
            errors.Add(new(section.Path, $"'{value}' is {Describe(target)}"));
        }
    }

    private static void NoSingleValue(IConfigurationSection section, string expected, List<ConfigurationError> errors)
    {
        if (section.Value is { Length: > 0 } text)
        {
            errors.Add(new(section.Path, $"must be {expected}, but is '{text}'"));
        }
    }

    private static bool CanConvert(string value, Type type)
    {
        try
        {
            // A number would convert to a value nobody defined.
            var isNumber = char.IsAsciiDigit(value.Trim().FirstOrDefault('0'));
            return !(type.IsEnum && isNumber) && TypeDescriptor.GetConverter(type).ConvertFromInvariantString(value) is not null;
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            return false;
        }
    }

    private static string Describe(Type type) =>
        type.IsEnum ? $"not one of {string.Join(", ", Names(type))}"
        : type == typeof(bool) ? "neither true nor false"
        : type == typeof(TimeSpan) ? "not a time span (hh:mm:ss)"
        : "not a whole number in range";

    private static IEnumerable<string?> Names(Type type)
    {
        var converter = TypeDescriptor.GetConverter(type);
        return Enum.GetValues(type).Cast<object>().Select(converter.ConvertToInvariantString);
    }

    private static bool IsDictionary(Type type) => type.IsGenericType && type.GetGenericTypeDefinition() == typeof(Dictionary<,>);
}
