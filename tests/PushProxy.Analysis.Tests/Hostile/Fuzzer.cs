namespace PushProxy.Analysis.Tests.Hostile;

/// <summary>
/// Looks for pages that cost much: it changes the pages it has kept, one change at a time, and keeps what costs more, or more for each
/// byte, than the worst of its kind before. The same seed gives the same pages, but what they cost differs by the machine.
/// </summary>
internal sealed class Fuzzer
{
    private const int MostTimes = 400_000;

    // Small pages cost something, too; that is not what is looked for.
    private const int Head = 20_000;

    private static readonly string[] Pieces =
    [
        "html 3000 <p>x", "html 200 <div>", "html 2000 <b><i>x</i></b>", "html 900 <p class=c{i}>x", "html 500 <p id=i{i} title=a{i}>x", "html 300 <table><tr><td>x",
        "html 400 <ul><li>x</li></ul>", "html 500 <a href=a{i} b{i}=c{i}>", "html 300 </div></p>", "html 200 <p style='--c{i}:1;width:var(--c{i})'>x", "html 300 <input value=x placeholder=y>",
        "html 500 <img src=a{i}.jpg>", "html 300 <img srcset='a{i} 1x,b{i} 2x' sizes='(width>{i}px) 1px,2px'>", "html 50 <picture><source media='(width>{i}px)' srcset=a{i}><img src=b></picture>",
        "html 100 <script type=module src=/m.js?{i}></script>", "html 50 <script type=module>import'./a{i}.js'</script>", "html 1 <script type=importmap>{\"imports\":{\"a/\":\"/b/\"}}</script>",
        "html 20 <script>document.write('<link rel=stylesheet href=w{i}.css>')</script>", "html 200 <style>p{top:{i}px}</style>", "html 200 <style media='(width>{i}px)'>.c{i}{left:0}</style>",
        "html 100 <link rel=stylesheet href=/a.css?{i}>", "html 100 <link rel=preload as=font href=f{i}>", "html 300 &#2{i};&#3{i};", "html 5 <base href=/a/b/c/>", "html 300 <meta http-equiv=content-security-policy content=\"default-src 'self' a{i}\">",
        "html 100 <template><p>", "html 100 <svg><path d=x>", "html 20000 aaaa ", "html 1 <p a=\"", "html 1 \">", "html 200 <select><option>x", "html 300 <h1><em>x</em></h1>",
        "style 1 *{--a0:1px}", "style 30 *{--a{j}:var(--a{i})var(--a{i})}", "style 300 *{--b{i}:var(--a9)}", "style 50 p{width:var(--b{i},var(--a{i}));margin:var(--a{i})}", "style 1 *{font-family:var(--a5)}",
        "style 500 @media (width>{i}px){p{left:{i}px}}", "style 8 @media (width>{i}px){", "style 8 }", "style 500 .c{i}{left:{i}px}", "style 50 div p:nth-of-type({i}n) b{left:0}", "style 20 * * * * i{left:0}",
        "style 100 [title^=a{i}]{left:0}", "style 100 :is(p,b):not(.c{i}){left:0}", "style 500 @font-face{font-family:A;src:url(f{i});unicode-range:U+{i},U+2{i}}", "style 1 *{font-family:A,serif}", "style 5 p{font:{i}00 9px A}",
        "style 1 *{display:flex}", "style 1 *{display:grid;grid-template-columns:1fr 1fr}", "style 1 *{float:left;width:calc(1% + 1px)}", "style 1 *{position:absolute;min-width:min(1px,2%,3em)}", "style 1 *::before{content:attr(title)'x';background:url(x)}",
        "style 1 *{background:url(a/../b)}", "style 100 @layer a{i}.b{p{left:0}}", "style 20 a:hover,b::after,{i}c,", "style 1 b{left:0}", "style 10 p{&.c{i} b{left:0}", "style 10 }", "style 20 @supports (display:grid) and (not (a{i}:b)){i{left:0}}",
        "sheet 2000 .c{i} p>b{left:{i}px;top:1px}", "sheet 2000 @import '{i}.css' (width>{i}px);", "sheet 3000 @font-face{font-family:A;src:url({i}),local(x);unicode-range:U+{i}??}", "sheet 5000 .c{i},", "sheet 1 p{left:0}", "sheet 3000 p{margin:{i}px;--d{i}:{i}}",
        "sheet 500 @media (width>{i}px) and (height>1px){b{font-family:A}}", "sheet 1 /*", "sheet 1 */", "sheet 100 p{background:url(data:,{i})}", "module 500 import a{i} from'./n{i}.js';", "module 500 export*from'a/{i}';", "module 2000 x={i};`${'a'}`/*{i}*/",
    ];

    private readonly Random _random;
    private readonly Dictionary<string, List<(HostilePage Page, Cost Cost)>> _kept = [];

    private readonly Func<HostilePage, Cost> _measure;

    /// <summary>Makes one without pages.</summary>
    /// <param name="seed">Decides what is changed.</param>
    /// <param name="measure">Tells what a page costs.</param>
    public Fuzzer(int seed, Func<HostilePage, Cost> measure) => (_random, _measure) = (new(seed), measure);

    /// <summary>The worst pages of each kind by now: by time, by time for each byte, and by memory.</summary>
    public IEnumerable<(string Kind, HostilePage Page, Cost Cost)> Worst =>
        _kept.OrderBy(kind => kind.Key, StringComparer.Ordinal).SelectMany(kind => kind.Value.Select(kept => (kind.Key, kept.Page, kept.Cost)));

    /// <summary>Adds a page to begin with; returns what it costs.</summary>
    public Cost Add(HostilePage page)
    {
        var cost = _measure(page);
        Keep(page, cost);
        return cost;
    }

    /// <summary>Changes a page and measures it.</summary>
    public (HostilePage Page, Cost Cost) Next()
    {
        var kinds = _kept.Keys.Order(StringComparer.Ordinal).ToArray();
        var kept = _kept[kinds[_random.Next(kinds.Length)]];
        var page = kept[_random.Next(kept.Count)].Page;
        var changes = 1 + _random.Next(3);
        for (var i = 0; i < changes; i++)
        {
            page = Change(page);
        }

        return (page, Add(page));
    }

    private void Keep(HostilePage page, Cost cost)
    {
        // What it ran out on says what it cost, whatever it was made from.
        var kind = cost.Analysis.RanOutOn?.ToString().ToLowerInvariant() ?? page.Kind;
        page = page with { Kind = kind };
        if (!_kept.TryGetValue(kind, out var kept))
        {
            _kept.Add(kind, kept = []);
        }

        kept.Add((page, cost));
        Func<(HostilePage Page, Cost Cost), double>[] measures =
            [one => one.Cost.Time.TotalSeconds, one => one.Cost.Time.TotalSeconds / (one.Page.Length + Head), one => one.Cost.Charged, one => one.Cost.Live];
        var best = measures.Select(measure => kept.MaxBy(measure)).Distinct().ToList();
        kept.Clear();
        kept.AddRange(best);
    }

    private HostilePage Change(HostilePage page)
    {
        var genes = page.Genes.ToList();
        var at = _random.Next(genes.Count);
        switch (_random.Next(8))
        {
            case 0 or 1:
                genes[at] = genes[at] with { Times = Math.Clamp((int)(genes[at].Times * Math.Pow(2, (_random.NextDouble() * 4) - 2)), 1, MostTimes) };
                break;
            case 2:
                genes.Insert(_random.Next(genes.Count + 1), Gene.Parse(Pieces[_random.Next(Pieces.Length)]));
                break;
            case 3 when genes.Count > 1:
                genes.RemoveAt(at);
                break;
            case 4:
                genes[at] = Gene.Parse(Pieces[_random.Next(Pieces.Length)]);
                break;
            case 5:
                // What another kind has learned.
                var others = _kept.Values.ElementAt(_random.Next(_kept.Count));
                var other = others[_random.Next(others.Count)].Page.Genes;
                genes.Insert(_random.Next(genes.Count + 1), other[_random.Next(other.Count)]);
                break;
            case 6:
                genes[at] = genes[at] with { Text = Change(genes[at].Text) };
                break;
            default:
                genes[at] = genes[at] with { Place = (Place)_random.Next(4) };
                break;
        }

        return page with { Genes = genes };
    }

    private string Change(string text)
    {
        var (from, length) = (_random.Next(text.Length), 1 + _random.Next(6));
        var part = text.Substring(from, Math.Min(length, text.Length - from));
        return _random.Next(3) switch
        {
            0 when text.Length > part.Length => text.Remove(from, part.Length),
            1 when text.Length < 400 => text.Insert(from, part),
            _ => text.Remove(from, 1).Insert(from, ((char)_random.Next(' ', '\x7f')).ToString()),
        };
    }
}
