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
    private readonly int _hash = HashCode.Combine(Scope, Authority, Path, Query, Route, IsMember, Variant);

    /// <summary>The estimated memory of the key, in bytes.</summary>
    public long Size => 160 + (2L * (Route.Length + Authority.Length + Path.Length));

    public bool Equals(ShellKey? other) => other is not null && _hash == other._hash && Scope == other.Scope && Path == other.Path
        && Query == other.Query && Authority == other.Authority && Route == other.Route && IsMember == other.IsMember
        && Variant == other.Variant;

    // It is looked up several times for a page view.
    public override int GetHashCode() => _hash;

    /// <summary>The keys of what speaks for pages that were never seen, this one among them: the nearest first.</summary>
    public IEnumerable<ShellKey> Templates
    {
        get
        {
            if (Scope == ShellScope.Query)
            {
                yield return new(ShellScope.Path, Route, Authority, Path, 0, IsMember, Variant);
            }

            yield return new(ShellScope.Folder, Route, Authority, Path[..(Path.LastIndexOf('/') + 1)], 0, IsMember, Variant);
            yield return new(ShellScope.Route, Route, Authority, "", 0, IsMember, Variant);
        }
    }
}
