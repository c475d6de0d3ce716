using PushProxy.Knowledge.Shells;
using PushProxy.Model;

namespace PushProxy;

/// <summary>
/// Lists what pages begin with for everyone, and how often that was right, for people who operate a proxy. Read it before
/// <see cref="ShellMode.On"/>.
/// </summary>
public sealed class KnownShells
{
    /// <summary>The maximum number of shells that <see cref="List"/> returns.</summary>
    public const int MaxShells = 1000;

    private readonly ShellStore _store;

    internal KnownShells(ShellStore store) => _store = store;

    /// <summary>
    /// Gets the shells as they are known now, at most <see cref="MaxShells"/>: those that were compared most often come first. What is
    /// not known well enough to say anything is left out.
    /// </summary>
    public IReadOnlyList<KnownShell> List() =>
    [
        .. _store.All.Select(static s => Describe(s.Key, s.Value)).Where(static s => s.Bytes > 0 || s.Wrong > 0 || s.Limit is not null)
            .OrderByDescending(static s => s.Right + s.Wrong).ThenBy(static s => s.Authority, StringComparer.Ordinal)
            .ThenBy(static s => s.Path, StringComparer.Ordinal).Take(MaxShells),
    ];

    private static KnownShell Describe(ShellKey key, LearnedShell shell)
    {
        var (compared, sent) = (shell.Counts.Compared, shell.Counts.Sent);
        var state = shell.Current is null ? ShellSkip.Unknown : shell.IsProven() ? ShellSkip.None : ShellSkip.NotProven;
        return new KnownShell(
            key.Route, key.Authority, key.Path, key.Scope.Name(),
            shell.Current?.Bytes.Length ?? 0, state == ShellSkip.None ? "proven" : state.Name(), compared.Right, compared.Wrong)
        {
            Proven = shell.Counts.Proven.All,
            ProvenWrong = shell.Counts.Proven.Wrong,
            Sent = sent.All,
            SentWrong = sent.Wrong,
            GainedMs = shell.Counts.Gained.TotalMilliseconds,
            Limit = shell.Limit,
            LastFault = shell.Counts.LastFault,
        };
    }
}

/// <summary>What one page, or the pages of a path, folder or route, begin with.</summary>
/// <param name="Route">The identifier of the YARP route that serves the pages.</param>
/// <param name="Authority">The host, followed by the port unless it is the default port of the scheme.</param>
/// <param name="Path">The path of the page, or of the folder; empty for all pages of the route.</param>
/// <param name="Scope">
/// <c>page</c>; <c>query</c> for one query string of the path; <c>path</c> for all of them; <c>folder</c>; or <c>route</c>.
/// </param>
/// <param name="Bytes">The length of the shell in bytes, without content coding; 0 if there is none now.</param>
/// <param name="State"><c>proven</c> if it may be sent, <c>not-proven</c>, or <c>unknown</c> if there is none now.</param>
/// <param name="Right">How many answers began with their shell.</param>
/// <param name="Wrong">How many did not.</param>
public sealed record KnownShell(
    string Route, string Authority, string Path, string Scope, int Bytes, string State, long Right, long Wrong)
{
    /// <summary>
    /// How many answers came when the shell was proven, so that it was sent, or would have been with <see cref="ShellMode.On"/>.
    /// </summary>
    public long Proven { get; init; }

    /// <summary>How many of those did not begin with it.</summary>
    public long ProvenWrong { get; init; }

    /// <summary>How many shells were sent.</summary>
    public long Sent { get; init; }

    /// <summary>How many of those were wrong.</summary>
    public long SentWrong { get; init; }

    /// <summary>How much sooner pages have begun, or would have, in all, in milliseconds.</summary>
    public double GainedMs { get; init; }

    /// <summary>Why the shell is not longer, or why there is none; null if that is not known yet.</summary>
    public string? Limit { get; init; }

    /// <summary>In what the last wrong answer differed; null if none did.</summary>
    public string? LastFault { get; init; }
}
