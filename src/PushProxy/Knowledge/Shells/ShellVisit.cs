using PushProxy.Model;

namespace PushProxy.Knowledge.Shells;

/// <summary>One view of a page that may begin with a shell.</summary>
/// <param name="Page">The page.</param>
/// <param name="Key">What its shell is kept under.</param>
/// <param name="Client">A number that stands for the client; 0 if nothing tells it from others.</param>
/// <param name="Source">What knows the shell: the page itself, or a template; null if none does.</param>
/// <param name="Expected">The shell; null if there is none.</param>
/// <param name="Site">The host's shells.</param>
internal sealed record ShellVisit(PageKey Page, ShellKey Key, ulong Client, LearnedShell? Source, Shell? Expected, ShellSite Site)
{
    /// <summary>What is known of the page itself; null if nothing is.</summary>
    public LearnedShell? Own { get; init; }

    /// <summary>A number that stands for the page with its query string.</summary>
    public ulong PageHash => ((uint)Page.Path.GetHashCode(StringComparison.Ordinal) ^ (ulong)Key.Query) + 1;

    /// <summary>The names of the request fields that the key is made with, as far as they are known.</summary>
    public IReadOnlyList<string> Vary { get; init; } = [];

    /// <summary>Why the shell is not sent; <see cref="ShellSkip.None"/> if it is.</summary>
    public ShellSkip Skip { get; init; }

    /// <summary>Whether the shell is sent, or is to be.</summary>
    public bool IsSent => Skip == ShellSkip.None;
}
