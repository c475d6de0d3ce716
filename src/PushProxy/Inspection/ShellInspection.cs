using System.Text;
using Microsoft.AspNetCore.Http;
using PushProxy.Analysis.Shells;
using PushProxy.Knowledge.Shells;
using PushProxy.Model;

namespace PushProxy.Inspection;

/// <summary>Finds the shell that a proxy would cut from some answers. It uses the same code as the proxy.</summary>
internal static class ShellInspection
{
    /// <summary>How much of a shell's end is shown, in bytes.</summary>
    private const int ShownBytes = 72;

    /// <summary>Compares answers with each other.</summary>
    /// <param name="pages">The answers, of one page or of several; at least two.</param>
    /// <param name="options">The limits.</param>
    public static InspectedShell Of(IReadOnlyList<InspectedPage> pages, PushProxyOptions options)
    {
        var first = pages[0].Answer;
        var common = Math.Min(first.Html.Length, options.Shell.MaxBytes);
        var fields = ShellFields.Of(first.Fields, out var obstacle);
        foreach (var (other, html) in pages.Skip(1).Select(static p => p.Answer))
        {
            common = first.Html.Span[..common].CommonPrefixLength(html.Span);
            obstacle ??= fields?.Difference(other);
        }

        if (obstacle is not null)
        {
            return new InspectedShell(0, $"the field {obstacle}", "");
        }

        var cut = ShellCut.Of(first.Html.Span[..common], first.Fields.ContentType is [{ } type] ? HtmlType.Charset(type) : null);
        return cut.Length < Shell.MinBytes
            ? new InspectedShell(0, cut.End == ShellEnd.Given ? "too little is the same" : cut.End.Name(), "")
            : new InspectedShell(
                cut.Length,
                LearnedShell.LimitOf(cut, common, options.Shell),
                Encoding.Latin1.GetString(first.Html.Span[Math.Max(0, cut.Length - ShownBytes)..cut.Length]));
    }
}

/// <summary>What pages begin with for everyone.</summary>
/// <param name="Bytes">The length of the shell; 0 if there is none.</param>
/// <param name="Reason">Why it is not longer, or why there is none: a word of the debug header, or a sentence.</param>
/// <param name="End">The last bytes of it.</param>
internal sealed record InspectedShell(int Bytes, string Reason, string End);

/// <summary>An answer to a request for a page.</summary>
/// <param name="Fields">Its header fields; those of a file are empty.</param>
/// <param name="Html">The body without content coding, as far as it was read.</param>
internal readonly record struct InspectedAnswer(IHeaderDictionary Fields, ReadOnlyMemory<byte> Html);
