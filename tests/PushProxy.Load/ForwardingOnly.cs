namespace PushProxy.Load;

/// <summary>
/// Settings of measurements of forwarding, beside a program that does nothing else: what comes from the store and what is compressed would
/// be other work.
/// </summary>
internal static class ForwardingOnly
{
    public static readonly string[] Arguments = ["--PushProxy:Defaults:Cache=off", "--PushProxy:Defaults:Compression=false"];
}
