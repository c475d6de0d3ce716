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
}
