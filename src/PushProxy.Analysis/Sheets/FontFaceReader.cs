using PushProxy.Analysis.Css;

namespace PushProxy.Analysis.Sheets;

/// <summary>Reads the descriptors of an <c>@font-face</c>.</summary>
internal static class FontFaceReader
{
    private const int MaxDescriptor = 32 * 1024;

    /// <summary>The rule; null where it names no family or no source.</summary>
    /// <param name="block">What stands in its braces.</param>
    /// <param name="context">When it applies.</param>
    public static FontFaceRule? Read(ReadOnlySpan<char> block, RuleContext context)
    {
        string? family = null, source = null, weight = null, style = null, range = null, display = null;
        while (!block.IsEmpty)
        {
            var descriptor = Cut(ref block, out var colon);
            if (colon < 0 || descriptor.Length > MaxDescriptor || !DeclarationValue.Read(descriptor[(colon + 1)..], out var value, out _))
            {
                continue;
            }

            switch (CssText.WithoutComments(descriptor[..colon].ToString()).Trim().ToLowerInvariant())
            {
                case "font-family":
                    family = CssText.FamilyNames(value) is [var name, ..] ? name : family;
                    break;
                case "src":
                    // Each later one replaces the one before, if a browser understands it; one without url() was for Internet Explorer.
                    source = value;
                    break;
                case "font-weight":
                    weight = value;
                    break;
                case "font-style":
                    style = value;
                    break;
                case "unicode-range":
                    range = value;
                    break;
                case "font-display":
                    display = value;
                    break;
            }
        }

        return family is null || source is null
            ? null : new(family, source, context) { Weight = weight, Style = style, Range = range, Display = display };
    }

    // Up to the next semicolon or closing brace outside brackets.
    private static ReadOnlySpan<char> Cut(ref ReadOnlySpan<char> block, out int colon)
    {
        var tokens = new CssTokenizer(block);
        var depth = 0;
        colon = -1;
        while (true)
        {
            var token = tokens.Next();
            var c = token.Kind == CssTokenKind.End ? '\0' : block[token.Start];
            if (token.Kind == CssTokenKind.End || (depth == 0 && c is ';' or '}' && token.End == token.Start + 1))
            {
                var descriptor = block[..token.Start];
                block = block[Math.Min(token.End, block.Length)..];
                return descriptor;
            }

            depth += token.Kind is CssTokenKind.Open or CssTokenKind.Function ? 1 : token.Kind == CssTokenKind.Close && depth > 0 ? -1 : 0;
            colon = colon < 0 && token.Kind == CssTokenKind.Colon ? token.Start : colon;
        }
    }
}
