using System.Collections.Immutable;
using PushProxy.Analysis.Budgets;
using PushProxy.Analysis.Css;
using PushProxy.Analysis.Selectors;

namespace PushProxy.Analysis.Sheets;

/// <summary>
/// Reads a stylesheet (CSS Syntax 3 §5, CSS Nesting): what could be understood is kept, the rest is left out just as a browser
/// leaves it out. Bounded in rules and in nesting; a bound ends the work and keeps what there is.
/// </summary>
internal ref struct StylesheetParser
{
    /// <summary>How deeply rules may be nested; what is nested deeper is left out.</summary>
    public const int MaxNesting = 16;

    private const int MaxPrelude = 64 * 1024;

    // Selectors become many small objects.
    private const int StepsPerCharacter = 3;

    // Rules in an attribute mean nothing, but have to be read over.
    private const int MaxAttributeRules = 1000;

    private readonly ReadOnlySpan<char> _text;
    private readonly int _maxRules;
    private readonly AnalysisBudget _budget;
    private readonly AnalysisCost _cost;
    private readonly StylesheetBuilder _builder = new();
    private CssTokenizer _tokens;
    private int _nesting;
    private int _paidCharacters;
    private int _paidBytes;

    private StylesheetParser(ReadOnlySpan<char> text, int maxRules, AnalysisBudget budget, AnalysisCost cost)
    {
        _text = text;
        _maxRules = maxRules;
        _tokens = new(text);
        _budget = budget;
        _cost = cost;
    }

    /// <summary>Reads a stylesheet.</summary>
    /// <param name="text">The whole text.</param>
    /// <param name="maxRules">How many selectors and rules are kept.</param>
    /// <param name="budget">What it may cost.</param>
    public static Stylesheet Parse(ReadOnlySpan<char> text, int maxRules, AnalysisBudget budget)
    {
        var parser = new StylesheetParser(text, maxRules, budget, AnalysisCost.Stylesheets);
        parser.Rules(RuleContext.Root);
        return parser._builder.Build();
    }

    /// <summary>Reads the content of a <c>style</c> attribute.</summary>
    public static ImmutableArray<Declaration> ParseAttribute(ReadOnlySpan<char> text, AnalysisBudget budget)
    {
        var parser = new StylesheetParser(text, MaxAttributeRules, budget, AnalysisCost.Styles);
        var declarations = ImmutableArray.CreateBuilder<Declaration>();
        parser.Block(RuleContext.Root, parent: null, declarations);
        return declarations.DrainToImmutable();
    }

    // Whether there may be more. A character costs a step, for each is looked at several times, and what is kept costs its memory.
    private bool MayGoOn()
    {
        var (read, kept) = (_tokens.Position - _paidCharacters, _builder.Size - _paidBytes);
        (_paidCharacters, _paidBytes) = (_tokens.Position, _builder.Size);
        if (_builder.Count < _maxRules && _budget.Spend(_cost, Math.Max(1, read)) && (kept == 0 || _budget.Keep(_cost, kept)))
        {
            return true;
        }

        _builder.IsCut = true;
        _builder.IsUnfinished |= _budget.IsSpent;
        return false;
    }

    // A list of rules, up to the bracket that closes it or the end of the text.
    private void Rules(RuleContext context)
    {
        while (MayGoOn())
        {
            var token = _tokens.NextSolid();
            switch (token.Kind)
            {
                case CssTokenKind.End:
                    return;
                case CssTokenKind.Close when _nesting > 0 && _text[token.Start] == '}':
                    return;
                case CssTokenKind.AtKeyword:
                    AtRule(token, context, parent: null);
                    break;
                default:
                    QualifiedRule(token, context, parent: null);
                    break;
            }
        }
    }

    // A style rule; its first token is given. Returns whether it was one.
    private void QualifiedRule(CssToken first, RuleContext context, ParentRule? parent)
    {
        var token = first;
        while (!(token.Kind == CssTokenKind.Open && _text[token.Start] == '{'))
        {
            if (token.Kind == CssTokenKind.End || (token.Kind == CssTokenKind.Semicolon && parent is not null))
            {
                return;
            }

            if (token.Kind == CssTokenKind.Close && _text[token.Start] == '}' && _nesting > 0)
            {
                _tokens.Position = token.Start;
                return;
            }

            Skip(token);
            token = _tokens.Next();
        }

        // They are charged before they are made: one rule can hold a whole stylesheet's.
        var prelude = _text[first.Start..token.Start];
        var bytes = StylesheetBuilder.SizeOf(prelude);
        var selectors = prelude.Length > MaxPrelude * 16
            || !_budget.Spend(_cost, StepsPerCharacter * prelude.Length) || !_budget.Keep(_cost, bytes) ? null
            : SelectorParser.ParseList(prelude, parent?.Condition, _maxRules - _builder.Count);
        if (selectors is null || _nesting >= MaxNesting)
        {
            SkipBlock('}');
            return;
        }

        _nesting++;
        var declarations = ImmutableArray.CreateBuilder<Declaration>();
        var place = _builder.Reserve();
        Block(context, new(selectors.Value), declarations);
        var before = _builder.Size;
        _builder.Add(place, selectors.Value, declarations.DrainToImmutable(), context);
        _paidBytes += Math.Min(bytes, _builder.Size - before);
        _nesting--;
    }

    // The content of a style rule, up to the bracket that closes it: declarations and nested rules.
    private void Block(RuleContext context, ParentRule? parent, ImmutableArray<Declaration>.Builder declarations)
    {
        while (MayGoOn())
        {
            var token = _tokens.NextSolid();
            switch (token.Kind)
            {
                case CssTokenKind.End:
                case CssTokenKind.Close when _text[token.Start] == '}':
                    return;
                case CssTokenKind.Semicolon:
                    break;
                case CssTokenKind.AtKeyword:
                    AtRule(token, context, parent ?? ParentRule.None);
                    break;
                case CssTokenKind.Ident when Declaration(token, declarations):
                    break;
                default:
                    _tokens.Position = token.End;
                    QualifiedRule(token, context, parent ?? ParentRule.None);
                    break;
            }
        }
    }

    // Whether it was a declaration, valid or not: "a:hover { }" is a nested rule.
    private bool Declaration(CssToken name, ImmutableArray<Declaration>.Builder declarations)
    {
        if (_tokens.NextSolid().Kind != CssTokenKind.Colon)
        {
            return false;
        }

        var isCustom = _text[name.Start..name.End].StartsWith("--");
        var start = _tokens.Position;
        var isBad = false;
        CssToken token;
        while (true)
        {
            token = _tokens.Next();
            if (token.Kind is CssTokenKind.End or CssTokenKind.Semicolon || (token.Kind == CssTokenKind.Close && _text[token.Start] == '}'))
            {
                break;
            }

            if (token.Kind == CssTokenKind.Open && _text[token.Start] == '{' && !isCustom)
            {
                return false;
            }

            isBad |= token.Kind is CssTokenKind.Bad or CssTokenKind.Close;
            isBad |= !Skip(token);
        }

        if (token.Kind == CssTokenKind.Close)
        {
            _tokens.Position = token.Start;
        }

        if (!isBad && CssProperties.TryFind(_text[name.Start..name.End], out var property)
            && DeclarationValue.Read(_text[start..token.Start], out var value, out var important))
        {
            declarations.Add(new(property, isCustom ? _text[name.Start..name.End].ToString() : null, value, important));
            _builder.Charge(declarations[^1]);
        }

        return true;
    }

    private void AtRule(CssToken keyword, RuleContext context, ParentRule? parent)
    {
        var start = _tokens.Position;
        var token = _tokens.Next();
        while (token.Kind is not (CssTokenKind.End or CssTokenKind.Semicolon)
            && !(token.Kind == CssTokenKind.Open && _text[token.Start] == '{'))
        {
            if (token.Kind == CssTokenKind.Close && _text[token.Start] == '}' && _nesting > 0)
            {
                _tokens.Position = token.Start;
                break;
            }

            Skip(token);
            token = _tokens.Next();
        }

        var name = _text[(keyword.Start + 1)..keyword.End];
        var prelude = _text[start..token.Start];
        prelude = prelude.Length > MaxPrelude ? [] : prelude;
        if (token.Kind == CssTokenKind.Open)
        {
            AtBlock(name, prelude, context, parent);
        }
        else if (_nesting == 0)
        {
            _builder.Statement(name, prelude);
        }
    }

    private void AtBlock(ReadOnlySpan<char> name, ReadOnlySpan<char> prelude, RuleContext context, ParentRule? parent)
    {
        if (name.Equals("font-face", StringComparison.OrdinalIgnoreCase))
        {
            _builder.EndImports();
            var start = _tokens.Position;
            SkipBlock('}');
            _builder.Font(FontFaceReader.Read(_text[start.._tokens.Position], context));
            return;
        }

        _builder.EndImports(exceptFor: name);
        if (_nesting >= MaxNesting || _builder.Enter(name, prelude, context) is not { } inner)
        {
            SkipBlock('}');
            return;
        }

        _nesting++;
        if (parent is not null)
        {
            // Declarations right in a nested @media belong to the rule around it.
            var declarations = ImmutableArray.CreateBuilder<Declaration>();
            var place = _builder.Reserve();
            Block(inner, parent, declarations);
            _builder.Add(place, parent.Selectors, declarations.DrainToImmutable(), inner);
        }
        else
        {
            Rules(inner);
        }

        _nesting--;
    }

    // Goes behind what a token opens. False: something in it spoils the declaration around it.
    private bool Skip(CssToken token) => token.Kind switch
    {
        CssTokenKind.Function => SkipBlock(')'),
        CssTokenKind.Open => SkipBlock(BracketStack.Closing(_text[token.Start])),
        _ => true,
    };

    private bool SkipBlock(char close) => BracketStack.Skip(ref _tokens, _text, close);
}
