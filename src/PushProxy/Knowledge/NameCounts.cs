using Microsoft.Extensions.Primitives;
using PushProxy.Model;

namespace PushProxy.Knowledge;

/// <summary>
/// Counts which connections and addresses were sent what learned pages say, and so decides what others may be told.
/// </summary>
/// <param name="options">How many are enough.</param>
/// <param name="registry">Is told when plans are out of date.</param>
/// <param name="templates">What pages have in common; a page speaks for others once enough were sent it.</param>
/// <param name="cache">The known paths.</param>
/// <param name="learning">The store's lock.</param>
internal sealed class NameCounts(
    LearningOptions options, ResourceRegistry registry, TemplateStore templates, PathCache cache, Lock learning)
{
    /// <summary>Called under the store's lock when clients may be told of more of a page than before.</summary>
    public event Action<LearnedPage>? Told;

    /// <summary>Called when a client was sent something that is not told to others yet.</summary>
    public event Action<PageDescription, LearnedPage>? Seen;

    /// <summary>Notes that a client was sent something that is not told to others yet.</summary>
    public void See(PageDescription description, LearnedPage page) => Seen?.Invoke(description, page);

    /// <summary>Notes that clients may be told of more of a page than before.</summary>
    public void Tell(LearnedPage page) => Told?.Invoke(page);

    /// <summary>Returns whether it would count that a client received a known page: for its names, or for other pages.</summary>
    public bool WouldCount(PageDescription description, LearnedPage page) =>
        !page.IsNamedBy(description.Connection)
        || (page.TaughtBy.Count < options.SharedByAddresses && page.TaughtBy.Lacks(description.Address.Host));

    /// <summary>
    /// Notes that a client received a known page, or one that certainly says the same. Only its bytes show that: an origin may send
    /// different pages with the same validator. More of the page may be told from now on. If the page is now one of several addresses, it
    /// may speak for other pages.
    /// </summary>
    /// <param name="description">The page and the client that received it.</param>
    /// <param name="page">The known page.</param>
    /// <param name="wholly">Whether all bytes were the same, and not only what delivery names.</param>
    public void Received(PageDescription description, LearnedPage page, bool wholly = true)
    {
        var speaks = page.TaughtBy.Add(description.Address.Host) && page.TaughtBy.Count == options.SharedByAddresses;
        if (!speaks && page.IsNamedBy(description.Connection))
        {
            return;
        }

        lock (learning)
        {
            if (page.NameBy(description.Connection, wholly))
            {
                registry.PlansChanged();
                Told?.Invoke(page);
                cache.NoteChanged(description.Key);
                speaks = true;
            }

            if (speaks)
            {
                Speaks(description.Key, page);
            }
        }

        See(description, page);
    }

    /// <summary>Notes that an answer named what a known page names. Clients may be told more then, if a name had come and gone.</summary>
    /// <param name="key">The page.</param>
    /// <param name="page">What is known of it.</param>
    /// <param name="gone">What of it the answer did not name. Clients are not told of that.</param>
    public void NamedAgain(PageKey key, LearnedPage page, params IReadOnlyCollection<UInt128> gone)
    {
        if (page.NamedAgain(gone))
        {
            registry.PlansChanged();
            lock (learning)
            {
                Told?.Invoke(page);
                cache.NoteChanged(key);
                Speaks(key, page);
            }
        }
    }

    /// <summary>
    /// Notes that an answer for a known page that is not learned as that page lacked names, or was no page at all. Clients may be told of
    /// less then.
    /// </summary>
    /// <param name="page">The known page.</param>
    /// <param name="names">What it lacked; empty if it was no page.</param>
    /// <param name="address">The address of the answer's client.</param>
    public void Lacked(LearnedPage page, IReadOnlyCollection<UInt128> names, ulong address)
    {
        lock (learning)
        {
            var isLess = names.Any(page.IsTold);
            page.Lacked(names, address);
            if (isLess)
            {
                registry.PlansChanged();
            }
        }
    }

    /// <summary>
    /// Notes the policy of a response with a known page. Once enough connections were sent it, it is the page's policy and may be told, for
    /// pages around this one as well.
    /// </summary>
    /// <param name="key">The page.</param>
    /// <param name="page">What is known of it.</param>
    /// <param name="policy">The response's Content-Security-Policy fields.</param>
    /// <param name="connection">The connection that was sent it.</param>
    /// <returns>Whether the page's policy is the response's.</returns>
    public bool NotePolicy(PageKey key, LearnedPage page, StringValues policy, ulong connection)
    {
        var isSame = page.Update(policy, connection, out var isTold);
        if (isTold)
        {
            lock (learning)
            {
                cache.NoteChanged(key);
                Speaks(key, page);
            }
        }

        return isSame;
    }

    /// <summary>
    /// Counts from now on who is sent what a page says. The same name in another variant of the path, or in an older version, is the same
    /// name. What the pages around this one share is everybody's already. Called under the store's lock.
    /// </summary>
    /// <param name="description">The page and the client that received it.</param>
    /// <param name="path">The path of the page.</param>
    /// <param name="page">What was learned of it.</param>
    public void Begin(PageDescription description, LearnedPath path, LearnedPage page)
    {
        var around = templates.Find(description.Key);
        var isNew = page.CountNames(
            options.NamedBy,
            name => Witnesses(path.WitnessesOf(name, options.NamedBy), around?.Says(name) == true),
            policy => Witnesses(
                path.WitnessesOf(policy, options.NamedBy), around?.Security is { MayBeTold: true } told && NameKey.Of(told) == policy),
            description.Connection);
        if (isNew)
        {
            registry.PlansChanged();
        }

        Told?.Invoke(page);
    }

    private void Speaks(PageKey key, LearnedPage page)
    {
        if (cache.Find(key) is { Retired: false } path && path.Pages().Contains(page))
        {
            templates.Learn(key, page);
        }
    }

    private static NameWitnesses Witnesses(NameWitnesses witnesses, bool areAround)
    {
        if (areAround)
        {
            witnesses.Tell();
        }

        return witnesses;
    }
}
