namespace PushProxy.Knowledge.Shells;

/// <summary>What a shell belongs to.</summary>
/// <param name="Scope">Which pages.</param>
/// <param name="Route">The route.</param>
/// <param name="Authority">The host.</param>
/// <param name="Path">The path of a page; or of a folder, with the slash at its end; or empty for all pages of the route.</param>
/// <param name="Query">The hash of the query string; 0 if there is none, or for all.</param>
/// <param name="IsMember">Whether it is for clients that send cookies or authorization.</param>
/// <param name="Variant">What the request fields say that the page's Vary names.</param>
internal sealed record ShellKey(
    ShellScope Scope, string Route, string Authority, string Path, UInt128 Query, bool IsMember, UInt128 Variant)
{
    /// <summary>The estimated memory of the key, in bytes.</summary>
    public long Size => 160 + (2L * (Route.Length + Authority.Length + Path.Length));

    /// <summary>The keys of what speaks for pages that were never seen, this one among them: the nearest first.</summary>
    public IEnumerable<ShellKey> Templates
    {
        get
        {
            if (Scope == ShellScope.Query)
            {
                yield return this with { Scope = ShellScope.Path, Query = 0 };
            }

            yield return this with { Scope = ShellScope.Folder, Path = Path[..(Path.LastIndexOf('/') + 1)], Query = 0 };
            yield return this with { Scope = ShellScope.Route, Path = "", Query = 0 };
        }
    }
}
