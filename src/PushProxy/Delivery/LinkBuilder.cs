using System.Text;

namespace PushProxy.Delivery;

/// <summary>Puts link values together, up to a limit.</summary>
internal sealed class LinkBuilder(int limit)
{
    private StringBuilder? _text;

    /// <summary>The field value; null when nothing was put in.</summary>
    public string? Value => _text?.ToString();

    /// <summary>Adds a value if it fits; a shorter one behind it may still fit. Values are ASCII, so characters are bytes.</summary>
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
