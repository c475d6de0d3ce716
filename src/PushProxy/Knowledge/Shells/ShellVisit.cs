using PushProxy.Model;

namespace PushProxy.Knowledge.Shells;

/// <summary>One view of a page that may begin with a shell.</summary>
/// <param name="Page">The page.</param>
/// <param name="Key">What its shell is kept under.</param>
/// <param name="Client">The hash of the client's address.</param>
/// <param name="Source">What knows the shell: the page itself, its folder or its route; null if none does.</param>
/// <param name="Expected">The shell; null if there is none.</param>
/// <param name="Site">The host's shells.</param>
internal sealed record ShellVisit(PageKey Page, ShellKey Key, ulong Client, LearnedShell? Source, Shell? Expected, ShellSite Site)
{
    /// <summary>A number that stands for the page.</summary>
    public ulong PageHash => (uint)Page.Path.GetHashCode(StringComparison.Ordinal) + 1UL;

    /// <summary>Why the shell is not sent; <see cref="ShellSkip.None"/> if it is.</summary>
    public ShellSkip Skip { get; init; }

    /// <summary>Whether the shell is sent, or is to be.</summary>
    public bool IsSent => Skip == ShellSkip.None;
}
