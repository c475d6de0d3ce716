using PushProxy.Analysis;
using PushProxy.Model;

namespace PushProxy.Knowledge.Saved;

/// <summary>
/// Says whether a record that was read can be used. It may come from a file that somebody else wrote, or from another machine.
/// </summary>
internal static class Validity
{
    /// <summary>The longest URL or text within a record, in characters.</summary>
    private const int MaxText = 16 * 1024;

    /// <summary>Returns whether what is said of a path can be used: nothing in it breaks a header field, and URLs are URLs.</summary>
    public static bool Of(SavedPath saved) => IsText(saved.Key.Authority) && IsText(saved.Key.Path) && Are(saved.Vary, IsText)
        && Are(saved.Variants, static v => IsValid(v.Needs)) && Are(saved.Shared, static s => IsValid(s.Needs));

    // What goes into header fields must fit there, and what is asked for must be a URL of a site.
    private static bool IsValid(SavedNeeds needs) => Are(needs.Resources, IsValid) && Are(needs.Skipped, static s => IsText(s.Url))
        && Are(needs.Traffic, static t => (t.Resource is null || IsValid(t.Resource)) && IsText(t.Target))
        && Are(needs.Preconnects, static p => IsText(p.Origin)) && Are(needs.Policies, IsText) && Are(needs.MetaPolicies, static _ => true);

    private static bool IsValid(CriticalResource resource) => resource.Url is { IsAbsoluteUri: true, Scheme: "http" or "https" } url
        && IsText(url.OriginalString) && IsText(resource.Media) && IsText(resource.Integrity) && IsText(resource.FetchPriority)
        && IsText(resource.ReferrerPolicy) && IsText(resource.Type) && IsText(resource.ImageSrcSet) && IsText(resource.ImageSizes);

    /// <summary>Returns whether what is said of a shell can be used.</summary>
    public static bool Of(SavedShell saved) => saved.Bytes.Length >= Shell.MinBytes
        && saved.Fields.All(static f => f is { Name: not null, Value: not null } && IsText(f.Name) && IsText(f.Value));

    // JSON may have null wherever a list has a value.
    private static bool Are<T>(IReadOnlyList<T>? list, Func<T, bool> isValid)
        where T : class => list?.All(one => one is not null && isValid(one)) != false;

    private static bool IsText(string? text) => text is null || (text.Length <= MaxText && !text.Any(char.IsControl));
}
