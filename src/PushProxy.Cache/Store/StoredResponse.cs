using System.Runtime.CompilerServices;
using PushProxy.Cache.Encodings;
using PushProxy.Cache.Rules;

namespace PushProxy.Cache.Store;

/// <summary>A complete response, stored.</summary>
internal sealed class StoredResponse(
    StoredHead head, byte[] body, Selection selection, string partition, EncodedForm[]? forms = null, StrongBox<int>? claim = null)
{
    // Of the version: its head may be renewed while its forms are being made.
    private readonly StrongBox<int> _claim = claim ?? new();
    private long _lastUsed;

    public StoredHead Head => head;

    public byte[] Body => body;

    public Selection Selection => selection;

    public string Partition => partition;

    /// <summary>The same body in content codings, as small as can be; null if they have not been made yet.</summary>
    public EncodedForm[]? Forms => forms;

    /// <summary>Whether its forms are to be made, and nobody has begun to.</summary>
    public bool LacksForms => IsEncodable && forms is null && Volatile.Read(ref _claim.Value) == 0;

    /// <summary>Whether the body leaves with a content coding if the client wants it.</summary>
    public bool IsEncodable => head.IsEncodable && body.Length >= Encodable.MinBytes;

    /// <summary>The memory it takes, in bytes, roughly.</summary>
    public long Size => 256 + head.Size + selection.Size + body.Length + (forms?.Sum(static f => 64L + f.Bytes.Length) ?? 0);

    /// <summary>When it was used last, as a count of uses of the store.</summary>
    public long LastUsed
    {
        get => Volatile.Read(ref _lastUsed);
        set => Volatile.Write(ref _lastUsed, value);
    }

    /// <summary>Notes that its forms are being made. Returns whether nobody has before.</summary>
    public bool TryClaim() => Interlocked.Exchange(ref _claim.Value, 1) == 0;

    /// <summary>Notes that its forms are not being made after all.</summary>
    public void Disclaim() => Volatile.Write(ref _claim.Value, 0);

    /// <summary>Returns what it may be used for.</summary>
    public Usability At(DateTimeOffset now)
    {
        var over = head.AgeAt(now) - head.Lifetime.Span;
        return head.Directives.NoCache ? Usability.Validate
            : over < TimeSpan.Zero ? Usability.Fresh
            : over < TimeSpan.FromSeconds(head.Directives.StaleWhileRevalidate) && !MustNotBeStale ? Usability.StaleWhileRevalidate
            : Usability.Validate;
    }

    /// <summary>Returns whether it may answer although it is stale, because the origin fails (RFC 9111 §4.2.4, RFC 5861 §4).</summary>
    public bool MayReplaceErrorAt(DateTimeOffset now, TimeSpan maxStaleOnError)
    {
        var over = head.AgeAt(now) - head.Lifetime.Span;
        var allowed = head.Directives.StaleIfError is { } seconds ? TimeSpan.FromSeconds(seconds) : maxStaleOnError;
        return !MustNotBeStale && !head.Directives.NoCache && over < allowed;
    }

    /// <summary>
    /// Returns until when it is kept: while it can be used in one of these ways, and not longer than allowed after it came. What can be
    /// validated is kept for all of that time.
    /// </summary>
    public DateTimeOffset KeepUntil(HttpCacheOptions options)
    {
        var last = head.Came + options.MaxRetention;
        if (head.HasValidator)
        {
            return last;
        }

        var stale = Math.Max(
            head.Directives.StaleWhileRevalidate, head.Directives.StaleIfError ?? options.MaxStaleOnError.TotalSeconds);
        var useful = head.Lifetime.Span - head.InitialAge + TimeSpan.FromSeconds(stale);
        return useful < options.MaxRetention ? head.Came + useful : last;
    }

    /// <summary>Returns whether another is the same version, with another head or other forms.</summary>
    public bool IsSameVersion(StoredResponse other) =>
        ReferenceEquals(body, other.Body) && partition == other.Partition && selection.Equals(other.Selection);

    public StoredResponse With(StoredHead renewed) => new(renewed, body, selection, partition, forms, _claim) { LastUsed = LastUsed };

    public StoredResponse With(EncodedForm[] made) => new(head, body, selection, partition, made, _claim) { LastUsed = LastUsed };

    // s-maxage has the meaning of proxy-revalidate (RFC 9111 §5.2.2.10).
    private bool MustNotBeStale =>
        head.Directives is { MustRevalidate: true } or { ProxyRevalidate: true } or { SharedMaxAge: not null };
}
