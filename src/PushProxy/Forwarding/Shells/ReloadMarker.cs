using PushProxy.Model;

namespace PushProxy.Forwarding.Shells;

/// <summary>
/// What follows a shell that was wrong: the browser loads the page again, at the same URL, without another entry in its history.
/// </summary>
internal static class ReloadMarker
{
    // By script it is quicker, and the referrer stays. Where a policy may forbid scripts, or they are off, a browser honours a refresh in
    // the body too (HTML §4.2.5.3). It is one or the other: to load twice would be one load too many.
    private static readonly byte[] ByScript =
        "<script>location.reload()</script><noscript><meta http-equiv=\"refresh\" content=\"0\"></noscript>"u8.ToArray();

    private static readonly byte[] ByMarkup = "<meta http-equiv=\"refresh\" content=\"0\">"u8.ToArray();

    /// <summary>Returns the markup that follows a shell.</summary>
    public static ReadOnlyMemory<byte> For(Shell shell) => shell.RestrictsScripts ? ByMarkup : ByScript;
}
