using Microsoft.Extensions.Logging;
using PushProxy.Cache;
using PushProxy.Diagnostics;
using PushProxy.Knowledge.Saved;
using PushProxy.Knowledge.Shells;
using PushProxy.Model;

namespace PushProxy.Knowledge.Sharing;

/// <summary>
/// Takes over what other instances know. What may be told to everybody comes as it is kept in a file. What may not be told yet comes as
/// hashes of what each client was sent, so that all instances together count it.
/// </summary>
internal sealed partial class SharedKnowledge(
    PageStore pages, ResourceRegistry registry, ShellStore shells, ClientIdentities clients, KnowledgeFile file, HttpCachePurge purge,
    SeenElsewhere seen, SharedViews views, SharedNews news, SharedText texts, ShellOptions options, PushProxyMetrics metrics,
    IEnumerable<ISharedPart> parts, ILogger<SharedKnowledge> logger) : ISharedRecordReceiver
{
    /// <summary>The name of the key that tells clients apart.</summary>
    public const string ClientKeyName = SharedNews.Secret + ":clients";

    private readonly IReadOnlyList<ISharedPart> _parts = [.. parts];
    private bool _hasKey;
    private bool _hasWarned;

    public void Receive(SharedRecord record)
    {
        try
        {
            using (SharedNews.TakeNone())
            {
                if (!Take(record))
                {
                    NotValid(record.Key);
                }
            }
        }
        catch (Exception e)
        {
            metrics.Error(ErrorStage.Sharing);
            LogFailed(e, record.Key);
        }
    }

    public void CaughtUp(bool isNew)
    {
        if (isNew || !_hasKey)
        {
            // Of several who propose one, one is the first, and all receive it.
            news.Propose(ClientKeyName, BitConverter.GetBytes(clients.Key));
        }

        news.CaughtUp(isNew);
        foreach (var part in _parts)
        {
            part.CaughtUp(isNew);
        }
    }

    private bool Take(SharedRecord record)
    {
        var text = record.Value.Span;
        var kind = record.Key[..Math.Max(0, record.Key.IndexOf(':', StringComparison.Ordinal))];
        switch (kind)
        {
            case SharedNews.Secret:
                return record.Key != ClientKeyName || TakeKey(text);
            case SharedNews.Path:
                return TakePath(record.Key, text);
            case SharedNews.Resource:
                return TakeResource(record);
            case SharedNews.Shell:
                if (texts.Read(text, SavedJson.Default.SavedShell, out var isOther) is not { } shell || !Validity.Of(shell))
                {
                    return isOther;
                }

                shells.Merge(shell);
                news.Known(record.Key, Essence.Of(shell, options.After));
                return true;
            case SharedNews.Events:
                return TakeEvents(text);
            default:
                // What nobody here takes is of a newer version.
                return _parts.FirstOrDefault(part => part.Kind == kind)?.Take(record) ?? true;
        }
    }

    private bool TakeKey(ReadOnlySpan<byte> text)
    {
        if (text.Length != sizeof(ulong))
        {
            return false;
        }

        if (clients.UseKey(BitConverter.ToUInt64(text)))
        {
            // What was counted by another key can't be compared with what is counted by this one.
            file.ClientKey = clients.Key;
            file.Records.Clear();
            pages.Clear();
            shells.Clear();
        }

        _hasKey = true;
        news.MayBeTold();
        return true;
    }

    private bool TakePath(string key, ReadOnlySpan<byte> text)
    {
        if (text.IsEmpty)
        {
            // It was purged.
            return true;
        }

        if (texts.Read(text, SavedJson.Default.SavedPath, out var isOther) is not { } path || !Validity.Of(path))
        {
            return isOther;
        }

        news.Known(key, Essence.Of(path));
        if (pages.Elsewhere.Merge(path))
        {
            news.Changed(path.Key);
        }

        return true;
    }

    private bool TakeResource(SharedRecord record)
    {
        if (texts.Read(record.Value.Span, SavedJson.Default.SavedResource, out var isOther) is not { } saved)
        {
            return isOther;
        }

        news.Known(record.Key, Essence.Of(saved));

        if (registry.Find(saved.Key) is not { } state)
        {
            file.Records.Put(saved);
            return true;
        }

        // Who has asked last knows best.
        if (saved.SeenAt <= state.SeenAt)
        {
            return true;
        }

        registry.Exclude(state, saved.Excluded);
        if (saved.Answer?.ToFacts() is { } facts)
        {
            registry.Answered(state, state.Answer is { } own && own.WithoutCredentials == facts.WithoutCredentials
                ? facts with { SameFor = own.SameFor, WasSameForAll = facts.WasSameForAll || own.WasSameForAll } : facts);
        }

        state.Version = saved.Version?.ToState() ?? state.Version;
        if (saved.Contents is { } contents)
        {
            registry.Take(state, SheetContents.Restore(contents));
        }

        state.SeenAt = saved.SeenAt;
        return true;
    }

    private bool TakeEvents(ReadOnlySpan<byte> text)
    {
        if (texts.Read(text, SavedJson.Default.SavedEvents, out var isOther) is not { } events)
        {
            return isOther;
        }

        foreach (var mark in events.Issued ?? [])
        {
            clients.TakeIssued(mark);
        }

        foreach (var (mark, other) in events.Joins ?? [])
        {
            clients.TakeJoin(mark, other);
        }

        foreach (var one in (events.Seen ?? []).OfType<SeenPage>())
        {
            seen.Add(one);
            See(one);
        }

        foreach (var one in (events.Purged ?? []).OfType<SavedPurge>())
        {
            SharedPurges.Again(purge, one);
        }

        foreach (var one in events.Views ?? [])
        {
            views.Count(one);
        }

        return true;
    }

    /// <summary>Counts what clients were sent at other instances of a page that has become known here.</summary>
    public void SeeAgain(PageKey key)
    {
        foreach (var one in seen.Of(RecordKey.Of(key)))
        {
            See(one);
        }
    }

    // Others may be told of it now, by all instances.
    private void See(SeenPage one)
    {
        if (pages.Elsewhere.See(one, clients.Elsewhere(one.Marks, one.Address)) is { } key)
        {
            news.Changed(key);
        }
    }

    private void NotValid(string key)
    {
        metrics.Error(ErrorStage.Sharing);
        if (!_hasWarned)
        {
            _hasWarned = true;
            LogNotValid(key);
        }
    }

    [LoggerMessage(1, LogLevel.Warning, "What instances share has records that are not valid, such as '{Key}'. They are left alone")]
    private partial void LogNotValid(string key);

    [LoggerMessage(2, LogLevel.Error, "Taking over '{Key}' failed; what this instance knows stays as it was")]
    private partial void LogFailed(Exception exception, string key);
}
