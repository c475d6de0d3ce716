using System.ComponentModel;
using System.Globalization;

namespace PushProxy;

/// <summary>
/// Reads and writes delivery modes in their configuration form, for example <c>early-hints</c>. Case and hyphens make no difference.
/// </summary>
internal sealed class DeliveryModeConverter() : EnumConverter(typeof(DeliveryMode))
{
    public override object? ConvertFrom(ITypeDescriptorContext? context, CultureInfo? culture, object value) =>
        value is not string text ? base.ConvertFrom(context, culture, value)
        : EnumWords.Parse<DeliveryMode>(text) ?? throw new FormatException($"'{text}' is not a delivery mode.");

    public override object? ConvertTo(ITypeDescriptorContext? context, CultureInfo? culture, object? value, Type destinationType) =>
        destinationType == typeof(string) && value is DeliveryMode mode
            ? mode.Name() : base.ConvertTo(context, culture, value, destinationType);
}
