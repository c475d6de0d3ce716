namespace PushProxy;

/// <summary>One error in a configuration, and where it is.</summary>
/// <param name="Path">The configuration path of the value, for example <c>PushProxy:Defaults:MaxLinkBytes</c>.</param>
/// <param name="Message">What is wrong with the value.</param>
internal sealed record ConfigurationError(string Path, string Message)
{
    /// <summary>Returns the path and the message in one line.</summary>
    public override string ToString() => $"{Path}: {Message}";
}
