using System.Text;
using PushProxy.Analysis.Budgets;
using PushProxy.Analysis.Modules;
using PushProxy.Analysis.Urls;

namespace PushProxy.Analysis.Rules;

/// <summary>Follows the static imports of modules that a page needs, level by level.</summary>
/// <param name="source">Fetches modules.</param>
/// <param name="map">The page's import map.</param>
/// <param name="builder">Where what they import goes.</param>
/// <param name="page">The page.</param>
/// <param name="options">Bounds.</param>
/// <param name="budget">What it may cost.</param>
internal sealed class ModuleLoader(
    ISubresourceSource source, ImportMap map, AnalysisBuilder builder, HttpUrl page, AnalysisOptions options, AnalysisBudget budget)
{
    // What an import costs besides its text, in steps.
    private const int StepsPerImport = 30;

    // A quotation of a text this much longer than any URL names no module.
    private const int LongestSpecifier = 2;

    private readonly HashSet<HttpUrl> _seen = [];

    /// <summary>Adds what modules import that the page itself names.</summary>
    /// <param name="modules">Their URLs.</param>
    /// <param name="inline">The texts of those that stand in the page.</param>
    /// <param name="cancellation">Ends the work.</param>
    public async Task AddAsync(IEnumerable<HttpUrl> modules, IEnumerable<string> inline, CancellationToken cancellation)
    {
        var level = modules.Where(_seen.Add).ToList();
        var next = inline.SelectMany(text => Imports(text, builder.Base)).ToList();
        for (var depth = 0; level.Count + next.Count > 0 && depth < options.MaxImportDepth; depth++)
        {
            ReadOnlyMemory<byte>?[] texts;
            using (budget.Wait())
            {
                texts = await Task.WhenAll(level.Select(url => source.GetModuleAsync(url.ToUri(), cancellation).AsTask()));
            }

            for (var i = 0; i < level.Count; i++)
            {
                if (texts[i] is { } bytes)
                {
                    var length = Math.Min(bytes.Length, options.MaxStylesheetBytes);
                    if (!budget.Keep(AnalysisCost.Scripts, sizeof(char) * (long)length))
                    {
                        return;
                    }

                    var text = Encoding.UTF8.GetString(bytes.Span[..length]);
                    var itsBase = new PageBase(level[i], Encoding.UTF8, options.MaxUrlLength)
                    {
                        UpgradesInsecure = builder.Base.UpgradesInsecure,
                    };
                    next.AddRange(Imports(text, itsBase));
                }
            }

            (level, next) = (next, []);
        }
    }

    private List<HttpUrl> Imports(string text, PageBase module)
    {
        var found = new List<HttpUrl>();
        if (!budget.Spend(AnalysisCost.Scripts, text.Length))
        {
            return found;
        }

        foreach (var specifier in StaticImports.Find(text))
        {
            if (!budget.Spend(AnalysisCost.Scripts, StepsPerImport))
            {
                break;
            }

            var (url, otherScheme) = specifier.Length > LongestSpecifier * options.MaxUrlLength ? UrlResult.Invalid
                : map.Resolve(specifier, module, builder.Base, budget);
            if (url is null || url.Href.Length > options.MaxUrlLength)
            {
                builder.Skip(specifier, otherScheme ? AnalysisSkip.NotHttp : AnalysisSkip.InvalidUrl);
            }
            else if (!url.SameOrigin(page))
            {
                builder.Skip(url.Href, AnalysisSkip.CrossOrigin);
            }
            else if (_seen.Count >= options.MaxModules)
            {
                builder.Skip(url.Href, AnalysisSkip.OverLimit);
            }
            else if (_seen.Add(url))
            {
                builder.Add(new CriticalResource
                {
                    Url = url.ToUri(),
                    Kind = ResourceKind.Script,
                    Blocking = false,
                    FoundBy = FoundBy.ModuleImport,
                    CrossOrigin = CrossOriginMode.Anonymous,
                });
                found.Add(url);
            }
        }

        return found;
    }
}
