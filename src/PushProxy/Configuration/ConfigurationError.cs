namespace PushProxy;

/// <summary>One thing wrong with a configuration, and where.</summary>
/// <param name="Path">The configuration path, as in <c>PushProxy:Defaults:MaxLinkBytes</c>.</param>
/// <param name="Message">What is wrong with the value there.</param>
internal sealed record ConfigurationError(string Path, string Message)
{
    /// <summary>Path and message in one line.</summary>
    public override string ToString() => $"{Path}: {Message}";
}
