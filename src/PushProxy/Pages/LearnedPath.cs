using PushProxy.Learning;

namespace PushProxy.Pages;

/// <summary>
/// All that is known of the pages at one path: one variant for each query string and each set of values of the request
/// headers that the response's Vary names (RFC 9111 §4.1), the one longest unused making room.
/// A variant never seen is answered from the others once two of them have been seen and all agree: then the query did not matter.
/// </summary>
internal sealed class LearnedPath(IReadOnlyList<string> vary, int maxVariants)
{
    /// <summary>As many variants must agree before they speak for one never seen.</summary>
    private const int AgreeingVariants = 2;

    private readonly Lock _lock = new();
    private readonly List<Variant> _variants = [];
    private bool _agree = true;
    private TimeSpan _pause;
    private DateTimeOffset _nextLearning;

    /// <summary>The request headers, besides the query, that tell variants apart.</summary>
    public IReadOnlyList<string> Vary { get; } = vary;

    /// <summary>Set once the cache has let go of it. Guarded by the store's lock.</summary>
    public bool Retired { get; set; }

    public long Size
    {
        get
        {
            lock (_lock)
            {
                return 256 + _variants.Sum(static v => v.Size);
            }
        }
    }

    /// <summary>The variant itself, if it is known, and the page that speaks for it: its own or the one all others agree on.</summary>
    public (Variant? Exact, LearnedPage? Page) Find(UInt128 variantKey)
    {
        lock (_lock)
        {
            for (var i = 0; i < _variants.Count; i++)
            {
                if (_variants[i].Key == variantKey)
                {
                    var found = _variants[i];
                    // Most recently used last.
                    if (i < _variants.Count - 1)
                    {
                        _variants.RemoveAt(i);
                        _variants.Add(found);
                    }

                    return (found, found.Page);
                }
            }

            return (null, _agree && _variants.Count >= AgreeingVariants ? _variants[^1].Page : null);
        }
    }

    /// <summary>Whether a changed or new variant may be analysed now, or is one of those that change with each response.</summary>
    public bool MayLearn(DateTimeOffset now)
    {
        lock (_lock)
        {
            return now >= _nextLearning;
        }
    }

    /// <summary>Puts a variant in the place of an older one of the same key. Returns the pages that are no longer named.</summary>
    public IReadOnlyList<LearnedPage> Learn(Variant variant, DateTimeOffset now, TimeSpan maxPause, out LearnOutcome outcome)
    {
        lock (_lock)
        {
            var gone = new List<LearnedPage>();
            var at = _variants.FindIndex(v => v.Key == variant.Key);
            var before = at >= 0 ? _variants[at].Page : _agree && _variants.Count > 0 ? _variants[^1].Page : null;
            var agrees = before is not null && before.NeedsTheSameAs(variant.Page);
            outcome = at < 0 ? LearnOutcome.Learned : agrees ? LearnOutcome.Confirmed : LearnOutcome.Changed;

            // Bytes that change while what the page needs stays: look less and less often. A difference ends that at once.
            _pause = !agrees ? TimeSpan.Zero : _pause == TimeSpan.Zero ? TimeSpan.FromSeconds(1) : _pause * 2;
            _pause = _pause > maxPause ? maxPause : _pause;
            _nextLearning = now + _pause;

            if (at >= 0)
            {
                if (agrees)
                {
                    variant.Inherit(_variants[at]);
                }

                gone.Add(_variants[at].Page);
                _variants.RemoveAt(at);
            }
            else if (_variants.Count >= maxVariants)
            {
                gone.Add(_variants[0].Page);
                _variants.RemoveAt(0);
            }

            _variants.Add(variant);
            _agree = _variants.TrueForAll(v => v.Page.NeedsTheSameAs(variant.Page));
            return gone;
        }
    }

    /// <summary>The pages of all variants, for whoever lets go of them.</summary>
    public IReadOnlyList<LearnedPage> Pages()
    {
        lock (_lock)
        {
            return _variants.ConvertAll(v => v.Page);
        }
    }
}
