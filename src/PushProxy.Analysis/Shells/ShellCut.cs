namespace PushProxy.Analysis.Shells;

/// <summary>How much of the bytes that pages begin with may be sent before the page itself has come.</summary>
/// <param name="Length">In bytes. It ends behind a tag; 0: nothing may be sent.</param>
/// <param name="End">Why it is not longer.</param>
/// <param name="RestrictsScripts">Whether a policy in it (<c>meta</c>) may forbid scripts, so that only markup can reload the page.</param>
public sealed record ShellCut(int Length, ShellEnd End, bool RestrictsScripts)
{
    /// <summary>Finds the end of a shell.</summary>
    /// <param name="beginning">What the pages have in common, without content coding. It may end anywhere.</param>
    /// <param name="charset">The charset parameter of their Content-Type; null if it has none.</param>
    /// <param name="maxDepth">How deeply elements may be nested.</param>
    public static ShellCut Of(ReadOnlySpan<byte> beginning, string? charset, int maxDepth = 128) =>
        ShellReader.Read(beginning, charset, maxDepth);
}
