using Microsoft.AspNetCore.Http;
using PushProxy.Model;

namespace PushProxy.Knowledge;

/// <summary>Finds out which of the things that are known answers for a request.</summary>
/// <param name="paths">The known paths.</param>
/// <param name="templates">What the pages around a page have in common.</param>
internal sealed class PageFinder(PathCache paths, TemplateStore templates)
{
    /// <summary>Returns what is known about a requested page.</summary>
    /// <param name="key">The page.</param>
    /// <param name="query">The query string of the request.</param>
    /// <param name="request">The header fields of the request.</param>
    /// <param name="isMember">Whether the request carries cookies or authorization (<see cref="Audience.Members"/>).</param>
    /// <param name="isPage">
    /// Whether the client says that it requests a page. Only then is a page that was never seen expected to need what its neighbours need.
    /// </param>
    public PageKnowledge Find(PageKey key, string query, IHeaderDictionary request, bool isMember = false, bool isPage = false)
    {
        if (paths.Find(key) is not { } path)
        {
            return isPage && templates.Find(key) is { } expected
                ? new PageKnowledge(null, null, expected, PageSource.Template, true) { Guesses = expected.Guesses } : default;
        }

        var variant = VariantKey.Of(query, request, path.Vary);
        if (isMember)
        {
            if (path.FindShared(Audience.Members, variant, out var isPartial) is { } shared)
            {
                return new PageKnowledge(path, null, shared, PageSource.SharedByClients, isPartial) { Guesses = shared.Guesses };
            }

            // Nothing may be disclosed about members' pages yet. A member may get the same page as everyone, unless one did not.
            var (everyones, agreed) = path.Find(variant);
            if (agreed is not null && path.IsNotFor(Audience.Members, variant, agreed))
            {
                agreed = null;
            }

            var source = everyones is null ? PageSource.SharedPath : PageSource.Learned;
            return new PageKnowledge(path, everyones, agreed, source, IsPartial: true) { Guesses = path.MemberGuesses };
        }

        var (exact, page) = path.Find(variant);
        if (page is not null)
        {
            return exact is not null ? new PageKnowledge(path, exact, page, PageSource.Learned, IsPartial: false)
                : new PageKnowledge(path, null, page, PageSource.SharedPath, IsPartial: false) { Guesses = path.Guesses };
        }

        var newcomers = path.FindShared(Audience.Newcomers, variant, out var partial);
        return new PageKnowledge(path, null, newcomers, newcomers is null ? PageSource.None : PageSource.SharedByClients, partial)
        {
            Guesses = newcomers?.Guesses,
        };
    }
}
