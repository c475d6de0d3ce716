namespace PushProxy.Knowledge;

/// <summary>Acquires and releases the resources of whole pages, so that the state of a resource lives as long as a page names it.</summary>
internal static class HeldResources
{
    /// <summary>Acquires what a page names.</summary>
    public static void Acquire(this ResourceRegistry registry, LearnedPage? page)
    {
        foreach (var resource in page?.Analysis.Resources ?? [])
        {
            registry.Acquire(resource.Url);
        }
    }

    /// <summary>Acquires what a page names and what joined it by traffic.</summary>
    public static void AcquireAll(this ResourceRegistry registry, LearnedPage page)
    {
        registry.Acquire(page);
        foreach (var joined in page.Traffic?.Verdict.Joined ?? [])
        {
            registry.Acquire(joined.Url);
        }
    }

    /// <summary>Releases what a page names and what joined it by traffic, whose counts end.</summary>
    public static void Release(this ResourceRegistry registry, LearnedPage? page)
    {
        foreach (var resource in page?.Analysis.Resources ?? [])
        {
            registry.Release(resource.Url);
        }

        if (page?.Traffic is { } traffic)
        {
            traffic.IsRetired = true;
            foreach (var resource in traffic.Verdict.Joined)
            {
                registry.Release(resource.Url);
            }
        }
    }
}
