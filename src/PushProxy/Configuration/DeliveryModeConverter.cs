using System.ComponentModel;
using System.Globalization;

namespace PushProxy;

/// <summary>
/// Reads and writes delivery modes as they stand in a configuration: <c>early-hints</c>; case and hyphens make no difference.
/// A number is none.
/// </summary>
internal sealed class DeliveryModeConverter() : EnumConverter(typeof(DeliveryMode))
{
    public override object? ConvertFrom(ITypeDescriptorContext? context, CultureInfo? culture, object value)
    {
        if (value is not string text)
        {
            return base.ConvertFrom(context, culture, value);
        }

        var name = text.Trim().Replace("-", "", StringComparison.Ordinal);
        foreach (var mode in Enum.GetValues<DeliveryMode>())
        {
            if (name.Equals(mode.ToString(), StringComparison.OrdinalIgnoreCase))
            {
                return mode;
            }
        }

        throw new FormatException($"'{text}' is no delivery mode.");
    }

    public override object? ConvertTo(ITypeDescriptorContext? context, CultureInfo? culture, object? value, Type destinationType) =>
        destinationType == typeof(string) && value is DeliveryMode mode
            ? mode == DeliveryMode.EarlyHints ? "early-hints" : mode.ToString().ToLowerInvariant()
            : base.ConvertTo(context, culture, value, destinationType);
}
