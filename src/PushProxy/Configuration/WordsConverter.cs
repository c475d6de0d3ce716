using System.ComponentModel;
using System.Globalization;

namespace PushProxy;

/// <summary>
/// Reads and writes the values of an enum in their configuration form, for example <c>early-hints</c>. Case and hyphens make no difference.
/// </summary>
/// <param name="kind">What the values are, for errors.</param>
internal abstract class WordsConverter<T>(string kind) : EnumConverter(typeof(T))
    where T : struct, Enum
{
    public override object? ConvertFrom(ITypeDescriptorContext? context, CultureInfo? culture, object value) =>
        value is not string text ? base.ConvertFrom(context, culture, value)
        : EnumWords.Parse<T>(text) ?? throw new FormatException($"'{text}' is not {kind}.");

    public override object? ConvertTo(ITypeDescriptorContext? context, CultureInfo? culture, object? value, Type destinationType) =>
        destinationType == typeof(string) && value is T mode
            ? mode.Name() : base.ConvertTo(context, culture, value, destinationType);
}
