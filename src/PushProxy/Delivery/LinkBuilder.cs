using System.Text;

namespace PushProxy.Delivery;

/// <summary>Joins link values into one field value, up to a limit in bytes.</summary>
internal sealed class LinkBuilder(int limit)
{
    private StringBuilder? _text;

    /// <summary>The field value; null if nothing was added.</summary>
    public string? Value => _text?.ToString();

    /// <summary>Adds a value if it fits. A shorter value may still fit later. Values are ASCII, so characters are bytes.</summary>
    public bool TryAppend(string value)
    {
        var length = _text is null ? value.Length : _text.Length + 2 + value.Length;
        if (length > limit)
        {
            return false;
        }

        _text = _text is null ? new StringBuilder(value, Math.Max(value.Length, 256)) : _text.Append(", ").Append(value);
        return true;
    }
}
