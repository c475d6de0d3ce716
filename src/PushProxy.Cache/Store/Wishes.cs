using PushProxy.Cache.Fields;

namespace PushProxy.Cache.Store;

/// <summary>What a client wants of the age of a response (RFC 9111 §5.2.1), as far as it may.</summary>
internal static class Wishes
{
    /// <summary>Returns whether a response is older than the client wants, and did not come just now.</summary>
    public static bool AreAgainst(StoredHead head, in RequestDirectives directives, DateTimeOffset now, TimeSpan reloadPause)
    {
        var age = head.AgeAt(now);
        var isTooOld = directives.NoCache || age.TotalSeconds >= directives.MaxAge
            || (directives.MinFresh > 0 && (head.Lifetime.Span - age).TotalSeconds < directives.MinFresh);
        return isTooOld && now - head.Came >= reloadPause;
    }

    /// <summary>
    /// Returns what a stored response may be used for by a request. A client can ask for something younger, but not make the origin work
    /// for it again and again.
    /// </summary>
    public static Usability UsabilityOf(StoredResponse stored, in RequestDirectives directives, DateTimeOffset now, TimeSpan reloadPause)
    {
        var usability = stored.At(now);
        return usability == Usability.Validate || AreAgainst(stored.Head, directives, now, reloadPause) ? Usability.Validate : usability;
    }
}
