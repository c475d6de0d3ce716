using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Unicode;

namespace PushProxy.Server.Dashboard.Markup;

/// <summary>
/// Writes HTML. The literal parts of an interpolated string are markup, and every value in it is text: it is encoded, so that nothing of
/// a site, a request or a configuration can become markup.
/// </summary>
internal sealed class Html
{
    // Letters of all scripts stay readable; what is markup or could be, and what is invisible, is encoded.
    private static readonly HtmlEncoder s_encoder = HtmlEncoder.Create(UnicodeRanges.All);
    private readonly StringBuilder _text = new();

    /// <summary>How many characters there are.</summary>
    public int Length => _text.Length;

    /// <summary>Adds markup with values.</summary>
    public Html Add([InterpolatedStringHandlerArgument("")] ref Handler markup)
    {
        // All is there: the compiler has called its methods.
        _ = markup;
        return this;
    }

    /// <summary>Adds markup of this program's own, such as an embedded file.</summary>
    public void AddOwn(string markup) => _text.Append(markup);

    public override string ToString() => _text.ToString();

    /// <summary>What the compiler makes of an interpolated string.</summary>
    [InterpolatedStringHandler]
    public readonly ref struct Handler
    {
        private readonly StringBuilder _text;

        public Handler(int literalLength, int formattedCount, Html html)
        {
            // How long the values are is not known.
            _ = literalLength + formattedCount;
            _text = html._text;
        }

        public void AppendLiteral(string markup) => _text.Append(markup);

        public void AppendFormatted(string? text) => _text.Append(s_encoder.Encode(text ?? ""));

        public void AppendFormatted(long number) => _text.Append(number);

        /// <summary>A coordinate, with a tenth.</summary>
        public void AppendFormatted(double number) =>
            _text.Append(Math.Round(number, 1).ToString(CultureInfo.InvariantCulture));
    }
}
