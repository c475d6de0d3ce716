using System.Collections.Frozen;
using PushProxy.Analysis.Tree;

namespace PushProxy.Analysis.Selectors;

/// <summary>Pseudo-classes and pseudo-elements that browsers know; one they don't makes a whole rule invalid.</summary>
internal static class PseudoClasses
{
    private static readonly NeverCondition Never = new();

    private static readonly FrozenDictionary<string, Condition> ByName = new Dictionary<string, Condition>(StringComparer.OrdinalIgnoreCase)
    {
        ["first-child"] = new NthCondition(0, 1, FromEnd: false, OfType: false),
        ["last-child"] = new NthCondition(0, 1, FromEnd: true, OfType: false),
        ["first-of-type"] = new NthCondition(0, 1, FromEnd: false, OfType: true),
        ["last-of-type"] = new NthCondition(0, 1, FromEnd: true, OfType: true),
        ["only-child"] = Node(node => node.Previous is null && node.Next is null),
        ["only-of-type"] = new OnlyOfTypeCondition(),
        ["root"] = Node(node => node.Parent is null),
        ["scope"] = Node(node => node.Parent is null),
        ["empty"] = Node(node => node.Content.All(content => content.Text is "")),
        ["link"] = Node(IsLink),
        ["any-link"] = Node(IsLink),
        ["-webkit-any-link"] = Node(IsLink),
        ["defined"] = Node(node => !node.Tag.Contains('-', StringComparison.Ordinal)),
        ["checked"] = Node(IsChecked),
        ["disabled"] = Node(node => IsControl(node) && node.Attribute("disabled") is not null),
        ["enabled"] = Node(node => IsControl(node) && node.Attribute("disabled") is null),
        ["required"] = Node(node => IsControl(node) && node.Attribute("required") is not null),
        ["optional"] = Node(node => IsControl(node) && node.Attribute("required") is null),
        ["read-only"] = Node(node => !IsControl(node) || node.Attribute("readonly") is not null),
        ["read-write"] = Node(node => IsControl(node) && node.Attribute("readonly") is null),
        ["placeholder-shown"] = Node(node => node.Attribute("placeholder") is not null && string.IsNullOrEmpty(node.Attribute("value"))),
        ["open"] = Node(node => node.Attribute("open") is not null),
    }.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    // False at first: nobody has pointed, pressed or been there yet. Or the page alone does not tell.
    private static readonly FrozenSet<string> NotAtFirst = FrozenSet.Create(
        StringComparer.OrdinalIgnoreCase,
        "active", "autofill", "-webkit-autofill", "buffering", "default", "focus", "focus-visible", "focus-within", "fullscreen",
        "-webkit-full-screen", "future", "host", "hover", "in-range", "indeterminate", "invalid", "modal", "muted", "out-of-range", "past",
        "paused", "picture-in-picture", "playing", "popover-open", "seeking", "stalled", "target", "target-within", "user-invalid",
        "user-valid", "valid", "visited", "volume-locked", "window-inactive", "horizontal", "vertical", "increment", "decrement", "start",
        "end", "single-button", "double-button", "no-button", "corner-present", "-internal-light-dark");

    private static readonly FrozenSet<string> PseudoElements = FrozenSet.Create(
        StringComparer.OrdinalIgnoreCase,
        "before", "after", "first-line", "first-letter", "marker", "placeholder", "selection", "backdrop", "file-selector-button", "cue",
        "grammar-error", "spelling-error", "target-text", "details-content", "view-transition", "scroll-marker", "scroll-marker-group");

    /// <summary>The condition of a pseudo-class without arguments; null for one that browsers don't know.</summary>
    public static Condition? Find(string name) =>
        ByName.TryGetValue(name, out var condition) ? condition : NotAtFirst.Contains(name) ? Never : null;

    /// <summary>
    /// The condition of one with arguments that decides nothing here, such as <c>:has()</c>; null for one that browsers don't know.
    /// </summary>
    public static Condition? FindFunction(string name, string argument) => name.ToLowerInvariant() switch
    {
        "lang" => new LanguageCondition(argument.Trim(' ', '"', '\'')),
        "dir" => argument.Trim().Equals("ltr", StringComparison.OrdinalIgnoreCase) ? Node(_ => true) : Never,
        "has" or "host" or "host-context" or "state" or "highlight" => Never,
        _ => null,
    };

    /// <summary>Which part of an element a pseudo-element is; null for one that browsers don't know.</summary>
    public static PseudoElement? FindElement(string name) => name.ToLowerInvariant() switch
    {
        "before" => PseudoElement.Before,
        "after" => PseudoElement.After,
        { } other => PseudoElements.Contains(other) || other.StartsWith("-webkit-", StringComparison.Ordinal) ? PseudoElement.Other : null,
    };

    /// <summary>Whether a name with one colon is a pseudo-element, as it was in CSS 2.</summary>
    public static bool IsOldElement(string name) => name.ToLowerInvariant() is "before" or "after" or "first-line" or "first-letter";

    private static NodeCondition Node(Func<TreeNode, bool> test) => new(test);

    private static bool IsLink(TreeNode node) => node.Tag is "a" or "area" && node.Attribute("href") is not null;

    // Any element may have the attributes; only these are checked by them.
    private static bool IsChecked(TreeNode node) => node.Tag switch
    {
        "option" => node.Attribute("selected") is not null,
        "input" => node.Attribute("checked") is not null && node.Attribute("type")?.ToLowerInvariant() is "checkbox" or "radio",
        _ => false,
    };

    private static bool IsControl(TreeNode node) =>
        node.Tag is "input" or "button" or "select" or "textarea" or "fieldset" or "option" or "optgroup";
}
