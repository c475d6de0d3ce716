namespace PushProxy.Knowledge.Saved;

/// <summary>What a file of kept knowledge says of itself.</summary>
/// <param name="ClientKey">The key that tells clients apart. Hashes in the file are made with it.</param>
/// <param name="Rules">When something could be told. What was learned by looser rules is not believed.</param>
/// <param name="Destinations">Where each route led, in alphabetical order.</param>
internal sealed record SavedAbout(ulong ClientKey, SavedRules Rules, IReadOnlyDictionary<string, IReadOnlyList<string>> Destinations);

/// <summary>The limits from which on something may be told.</summary>
internal sealed record SavedRules(
    int NamedBy, int SharedBy, int SharedByAddresses, bool TrustCookies, int TrafficAddresses, int ShellClients)
{
    public static SavedRules Of(LearningOptions learning, ShellOptions shell) => new(
        learning.NamedBy, learning.SharedBy, learning.SharedByAddresses, learning.TrustCookies, learning.TrafficAddresses, shell.Clients);

    /// <summary>Returns whether what was learned by these rules may be told by others, too.</summary>
    public bool AreAsStrictAs(SavedRules now) => NamedBy >= now.NamedBy && SharedBy >= now.SharedBy
        && SharedByAddresses >= now.SharedByAddresses && (now.TrustCookies || !TrustCookies) && TrafficAddresses >= now.TrafficAddresses
        && ShellClients >= now.ShellClients;
}
