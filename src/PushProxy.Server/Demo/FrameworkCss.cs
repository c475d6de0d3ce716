using System.Globalization;
using System.Text;

namespace PushProxy.Server.Demo;

/// <summary>
/// The repetitive three quarters of the demo's CSS framework: a grid for five widths, and utility classes.
/// Like every framework of its time, most of it is used by no page, and every page waits for all of it.
/// </summary>
internal static class FrameworkCss
{
    private static readonly (string Name, int MinWidth)[] Widths = [("xs", 0), ("sm", 600), ("md", 860), ("lg", 1120), ("xl", 1400)];
    private const string Label = "border-radius: 3px; padding: 2px 8px; font-size: 12px; white-space: nowrap;";
    private static readonly int[] Steps = [0, 4, 8, 12, 16, 24, 32, 48, 64, 96];

    private static readonly (string Name, string Value)[] Colours =
    [
        ("primary", "#23423a"), ("accent", "#c8641f"), ("success", "#3f7d4e"), ("info", "#3a6a8c"), ("warning", "#c79a2c"),
        ("danger", "#a63d2f"), ("muted", "#7d776c"), ("light", "#f6f1e7"), ("dark", "#2b2822"), ("white", "#ffffff"),
    ];

    /// <summary>The rules, the same in every run.</summary>
    public static string GridAndUtilities()
    {
        var css = new StringBuilder("\n/* ---- grid ---- */\n");
        foreach (var (name, minWidth) in Widths)
        {
            css.Append(CultureInfo.InvariantCulture, $"@media (min-width: {minWidth}px) {{\n");
            Grid(css, name);
            Spacing(css, name);
            css.Append("}\n");
        }

        css.Append("\n/* ---- colours ---- */\n");
        foreach (var (name, value) in Colours)
        {
            css.Append(CultureInfo.InvariantCulture, $$"""
                .text-{{name}} { color: {{value}} !important; }
                .back-{{name}} { background-color: {{value}} !important; }
                .edge-{{name}} { border: 1px solid {{value}} !important; }
                .link-{{name}}:hover, .link-{{name}}:focus { color: {{value}}; border-bottom: 1px solid {{value}}; }
                .label-{{name}} { background: {{value}}; color: #fff; {{Label}} }

                """);
        }

        return css.ToString();
    }

    private static void Grid(StringBuilder css, string width)
    {
        for (var column = 1; column <= 12; column++)
        {
            var percent = (column / 12m * 100).ToString("0.####", CultureInfo.InvariantCulture);
            css.Append(CultureInfo.InvariantCulture, $$"""
                  .col-{{width}}-{{column}} { float: left; width: {{percent}}%; }
                  .push-{{width}}-{{column}} { margin-left: {{percent}}%; }

                """);
        }

        foreach (var display in new[] { "none", "block", "inline", "inline-block" })
        {
            css.Append(CultureInfo.InvariantCulture, $"  .show-{width}-{display} {{ display: {display} !important; }}\n");
        }

        foreach (var align in new[] { "left", "center", "right" })
        {
            css.Append(CultureInfo.InvariantCulture, $"  .text-{width}-{align} {{ text-align: {align} !important; }}\n");
        }
    }

    private static void Spacing(StringBuilder css, string width)
    {
        foreach (var property in new[] { "margin", "padding" })
        {
            foreach (var side in new[] { "top", "right", "bottom", "left" })
            {
                foreach (var step in Steps)
                {
                    var selector = $".{property[0]}{side[0]}-{width}-{step}";
                    css.Append(CultureInfo.InvariantCulture, $"  {selector} {{ {property}-{side}: {step}px !important; }}\n");
                }
            }
        }
    }
}
