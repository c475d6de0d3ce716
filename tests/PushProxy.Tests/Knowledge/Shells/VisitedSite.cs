using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Time.Testing;
using PushProxy.Knowledge.Shells;
using PushProxy.Model;

namespace PushProxy.Tests.Knowledge.Shells;

/// <summary>A site whose pages are visited one after the other. Each answer teaches, and what is to be cut is cut at once.</summary>
internal sealed class VisitedSite : IDisposable
{
    public VisitedSite(ShellOptions options, LearningOptions? learning = null) =>
        Store = new ShellStore(options, learning ?? new LearningOptions(), Time);

    public ShellStore Store { get; }

    public FakeTimeProvider Time { get; } = new();

    /// <summary>A page that begins with an element, over and over, until it has a length; then text.</summary>
    public static string Page(int length, string end = "", string element = "<p>")
    {
        var page = new StringBuilder("<!DOCTYPE html><html><head></head><body>");
        while (page.Length + element.Length <= length)
        {
            page.Append(element);
        }

        return page.Append('x', length - page.Length).Append(end).ToString();
    }

    /// <summary>Visits a page.</summary>
    /// <param name="path">Its path.</param>
    /// <param name="client">The hash of the client's address.</param>
    /// <param name="html">What the origin answers.</param>
    /// <param name="isSent">Whether the shell is sent.</param>
    /// <param name="fields">Further fields of the answer.</param>
    /// <returns>What the view said of the shell that was known.</returns>
    public ShellVerdict Visit(string path, ulong client, string html, bool isSent = false, params string[] fields)
    {
        var visit = Begin(path, client, isSent);
        var body = Encoding.UTF8.GetBytes(html);
        var verdict = isSent ? Judge(visit, body) : default;
        var learned = Teach(visit, Headers(fields), body);
        verdict = isSent ? verdict : learned;
        CutAll();
        return verdict;
    }

    public ShellVisit Begin(string path, ulong client, bool isSent = false)
    {
        var key = Key(path);
        var source = Store.FindShell(key);
        var shell = source?.Current;
        return new ShellVisit(
            new PageKey(key.Route, key.Authority, path), key, client, shell is null ? null : source, shell, Store.SiteOf(key.Authority))
        {
            Skip = isSent ? ShellSkip.None : ShellSkip.Shadow,
        };
    }

    // As what stands in for the response after a shell was sent.
    private ShellVerdict Judge(ShellVisit visit, ReadOnlySpan<byte> body)
    {
        var match = new PrefixMatch(visit.Expected!.Bytes);
        match.Take(body);
        var verdict = match.IsComplete ? default
            : new ShellVerdict(match.Differs ? ShellFault.Bytes : ShellFault.Short) { Same = match.Same };
        visit.Source!.Note(visit.Expected, verdict, visit, TimeSpan.Zero);
        if (verdict.Fault != ShellFault.None)
        {
            Store.Stop(visit);
        }

        return verdict;
    }

    public ShellVerdict Teach(ShellVisit visit, IHeaderDictionary headers, ReadOnlySpan<byte> body)
    {
        var views = Store.Begin(visit, headers, isEncoded: false);
        var verdict = default(ShellVerdict);
        foreach (var view in views)
        {
            view.Observe(body[..(body.Length / 3)]);
            view.Observe(body[(body.Length / 3)..]);
            verdict = view.Shell is null ? verdict : view.Verdict;
            view.Complete(visit, TimeSpan.FromMilliseconds(100));
        }

        Store.Learned(visit);
        return verdict;
    }

    /// <summary>The length of the shell that a visit of a page would begin with; 0 if it would begin with none.</summary>
    public int ShellOf(string path) => Store.FindShell(Key(path))?.Current?.Bytes.Length ?? 0;

    /// <summary>Whether that may be sent.</summary>
    public bool IsProven(string path) => Store.FindShell(Key(path))?.IsProven() == true;

    public LearnedShell Learned(string path) => Store.Find(Key(path))!;

    public void CutAll()
    {
        while (Store.Uncut.TryRead(out var shell))
        {
            shell.Cut();
        }
    }

    public void Dispose() => Store.Dispose();

    public static ShellKey Key(string path) => new(ShellScope.Page, "route", "site.test", path, 0, IsMember: false, 0);

    public static HeaderDictionary Headers(params string[] fields)
    {
        var headers = new HeaderDictionary { ["Content-Type"] = "text/html; charset=utf-8" };
        foreach (var field in fields)
        {
            var colon = field.IndexOf(':', StringComparison.Ordinal);
            headers[field[..colon]] = field[(colon + 2)..];
        }

        return headers;
    }
}
