using PushProxy.Model;

namespace PushProxy.Knowledge;

/// <summary>Finds the page that speaks for variants of a path that were never seen.</summary>
internal static class AgreedPage
{
    /// <summary>How many variants must agree before they answer for one never seen.</summary>
    private const int AgreeingVariants = 2;

    /// <summary>
    /// Returns the newest page on which the variants agree; null if there is none. Those that one address alone was sent neither speak for
    /// others nor against them.
    /// </summary>
    /// <param name="variants">The variants, the newest last.</param>
    /// <param name="addresses">
    /// From how many addresses the agreeing ones must come (<see cref="LearningOptions.SharedByAddresses"/>).
    /// </param>
    public static LearnedPage? Of(List<Variant> variants, int addresses)
    {
        for (var i = variants.Count - 1; i >= 0 && variants.Count >= AgreeingVariants; i--)
        {
            var page = variants[i].Page;
            var agreeing = variants.FindAll(v => v.Page.NeedsTheSameAs(page));
            var isAgreed = agreeing.Count == variants.Count
                || (addresses > 1 && agreeing.Count >= AgreeingVariants && variants.Except(agreeing)
                    .Select(static v => v.Page.TaughtBy.Only).Distinct().Take(2).ToList() is [not null]);
            if (isAgreed && AddressSet.Reach(agreeing.Select(static v => v.Page.TaughtBy), addresses))
            {
                return page;
            }
        }

        return null;
    }
}
