namespace PushProxy.Knowledge.Shells;

/// <summary>What a shell belongs to.</summary>
/// <param name="Route">The route.</param>
/// <param name="Authority">The host.</param>
/// <param name="Path">The path of a page; or of a folder, with the slash at its end; or empty for all pages of the route.</param>
/// <param name="IsPage">Whether it is a page.</param>
/// <param name="IsMember">Whether it is for clients that send cookies or authorization.</param>
/// <param name="Variant">What the request fields say that the page's Vary names.</param>
internal sealed record ShellKey(string Route, string Authority, string Path, bool IsPage, bool IsMember, UInt128 Variant)
{
    /// <summary>The estimated memory of the key, in bytes.</summary>
    public long Size => 128 + (2L * (Route.Length + Authority.Length + Path.Length));

    /// <summary>The key of the folder that the page is in.</summary>
    public ShellKey Folder => this with { Path = Path[..(Path.LastIndexOf('/') + 1)], IsPage = false };

    /// <summary>The key of all pages of the route.</summary>
    public ShellKey All => this with { Path = "", IsPage = false };
}
