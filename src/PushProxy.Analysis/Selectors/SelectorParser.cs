using System.Collections.Immutable;
using PushProxy.Analysis.Css;

namespace PushProxy.Analysis.Selectors;

/// <summary>Reads selectors (Selectors 4 §3.1, CSS Nesting §3), nested to a bounded depth.</summary>
internal ref struct SelectorParser
{
    private const int MaxNesting = 6;
    private const int MaxCompounds = 64;

    private readonly ReadOnlySpan<char> _text;
    private readonly AnyCondition? _parent;
    private readonly int _nesting;
    private CssTokenizer _tokens;
    private CssToken _token;

    private SelectorParser(ReadOnlySpan<char> text, AnyCondition? parent, int nesting)
    {
        _text = text;
        _parent = parent;
        _nesting = nesting;
        _tokens = new(text);
        Advance();
    }

    /// <summary>Reads a list of selectors.</summary>
    /// <param name="text">The list.</param>
    /// <param name="parent">That an element matches the rule around it; null for a rule that is in none.</param>
    /// <param name="max">The most selectors; what follows is left out.</param>
    /// <returns>Null when one of them is not valid, which makes the whole rule invalid.</returns>
    public static ImmutableArray<Selector>? ParseList(ReadOnlySpan<char> text, AnyCondition? parent, int max) =>
        new SelectorParser(text, parent, 0).List(isForgiving: false, max);

    private ImmutableArray<Selector>? List(bool isForgiving, int max)
    {
        var selectors = ImmutableArray.CreateBuilder<Selector>();
        while (selectors.Count < max)
        {
            if (Complex() is { } selector && _token.Kind is CssTokenKind.Comma or CssTokenKind.End)
            {
                selectors.Add(selector);
            }
            else if (!isForgiving)
            {
                return null;
            }

            while (_token.Kind is not (CssTokenKind.Comma or CssTokenKind.End))
            {
                SkipBrackets();
                Advance();
            }

            if (_token.Kind == CssTokenKind.End)
            {
                break;
            }

            Advance();
        }

        return selectors.DrainToImmutable();
    }

    private Selector? Complex()
    {
        var compounds = new List<Compound>();
        var combinators = new List<Combinator>();
        var pseudo = PseudoElement.None;
        var specificity = 0;
        var usesParent = false;
        SkipSpace();
        if (_parent is not null && _nesting == 0 && TakeCombinator() is { } leading)
        {
            (usesParent, specificity) = (true, AddParent(compounds));
            combinators.Add(leading);
        }

        while (true)
        {
            if (pseudo != PseudoElement.None || compounds.Count > MaxCompounds
                || Compound(ref pseudo, ref specificity, ref usesParent) is not { } compound)
            {
                return null;
            }

            compounds.Add(compound);
            var spaced = SkipSpace();
            if (_token.Kind is CssTokenKind.Comma or CssTokenKind.End)
            {
                break;
            }

            if ((TakeCombinator() ?? (spaced ? Combinator.Descendant : null)) is not { } combinator)
            {
                return null;
            }

            combinators.Add(combinator);
        }

        if (_parent is not null && _nesting == 0 && !usesParent)
        {
            compounds.Insert(0, Parent(out var weight));
            combinators.Insert(0, Combinator.Descendant);
            specificity += weight;
        }

        compounds.Reverse();
        combinators.Reverse();
        return new([.. compounds], [.. combinators], pseudo, specificity);
    }

    private readonly int AddParent(List<Compound> compounds)
    {
        compounds.Add(Parent(out var weight));
        return weight;
    }

    private readonly Compound Parent(out int specificity)
    {
        specificity = _parent!.Specificity;
        return new(null, null, [], [_parent]);
    }

    private Compound? Compound(ref PseudoElement pseudo, ref int specificity, ref bool usesParent)
    {
        string? tag = null, id = null;
        var classes = ImmutableArray.CreateBuilder<string>();
        var conditions = ImmutableArray.CreateBuilder<Condition>();
        var isEmpty = true;
        for (; ; isEmpty = false)
        {
            switch (_token.Kind)
            {
                case CssTokenKind.Ident when isEmpty:
                    tag = Name(0).ToLowerInvariant();
                    specificity += Specificities.Type;
                    break;
                case CssTokenKind.Delim when isEmpty && Is('*'):
                    break;
                case CssTokenKind.Delim when Is('&') && _parent is { } parent:
                    conditions.Add(parent);
                    specificity += parent.Specificity;
                    usesParent = true;
                    break;
                case CssTokenKind.Hash:
                    id = Name(1);
                    specificity += Specificities.Id;
                    break;
                case CssTokenKind.Delim when Is('.'):
                    Advance();
                    if (_token.Kind != CssTokenKind.Ident)
                    {
                        return null;
                    }

                    classes.Add(Name(0));
                    specificity += Specificities.Class;
                    break;
                case CssTokenKind.Open when Is('['):
                    if (AttributeReader.Read(Brackets(']')) is not { } attribute)
                    {
                        return null;
                    }

                    conditions.Add(attribute);
                    specificity += attribute.Specificity;
                    break;
                case CssTokenKind.Colon when Pseudo(conditions, ref pseudo):
                    specificity += pseudo == PseudoElement.None ? conditions[^1].Specificity : Specificities.Type;
                    break;
                case CssTokenKind.Colon:
                    return null;
                default:
                    return isEmpty ? null : new(tag, id, classes.DrainToImmutable(), conditions.DrainToImmutable());
            }

            Advance();
        }
    }

    private bool Pseudo(ImmutableArray<Condition>.Builder conditions, ref PseudoElement pseudo)
    {
        Advance();
        var isElement = _token.Kind == CssTokenKind.Colon;
        if (isElement)
        {
            Advance();
        }

        if (_token.Kind is not (CssTokenKind.Ident or CssTokenKind.Function))
        {
            return false;
        }

        var isFunction = _token.Kind == CssTokenKind.Function;
        var name = isFunction ? Name(0)[..^1] : Name(0);
        var argument = isFunction ? Brackets(')') : "";
        if (isElement || PseudoClasses.IsOldElement(name))
        {
            var found = isFunction ? PseudoElement.Other : PseudoClasses.FindElement(name);
            pseudo = found ?? pseudo;
            return found is not null;
        }

        if (pseudo != PseudoElement.None)
        {
            // "::-webkit-scrollbar:horizontal", "::before:hover".
            conditions.Add(new NeverCondition());
            pseudo = PseudoElement.Other;
            return true;
        }

        if ((isFunction ? Function(name, argument) : PseudoClasses.Find(name)) is not { } condition)
        {
            return false;
        }

        conditions.Add(condition);
        return true;
    }

    private readonly Condition? Function(string name, string argument)
    {
        switch (name.ToLowerInvariant())
        {
            case "is" or "where" or "-webkit-any" or "matches" when _nesting < MaxNesting:
                var any = new SelectorParser(argument, _parent, _nesting + 1).List(isForgiving: true, MaxCompounds);
                return new AnyCondition(any ?? [], IsNegated: false, name.Equals("where", StringComparison.OrdinalIgnoreCase));
            case "not" when _nesting < MaxNesting:
                return new SelectorParser(argument, _parent, _nesting + 1).List(isForgiving: false, MaxCompounds) is { } none
                    ? new AnyCondition(none, IsNegated: true, IsWeightless: false)
                    : null;
            case "nth-child" or "nth-last-child" or "nth-of-type" or "nth-last-of-type":
                var isOfType = name.EndsWith("type", StringComparison.OrdinalIgnoreCase);
                return NthReader.Read(argument, name.Contains("last", StringComparison.OrdinalIgnoreCase), isOfType);
            default:
                return PseudoClasses.FindFunction(name, argument);
        }
    }

    private Combinator? TakeCombinator()
    {
        Combinator? found = Is('>') ? Combinator.Child : Is('+') ? Combinator.Next : Is('~') ? Combinator.Later : null;
        if (found is not null)
        {
            Advance();
            SkipSpace();
        }

        return found;
    }

    private readonly bool Is(char c) => _token.End == _token.Start + 1 && _text[_token.Start] == c;

    private readonly string Name(int skip) => CssEscape.Resolve(_text[(_token.Start + skip).._token.End]);

    private void Advance() => _token = _tokens.Next();

    private bool SkipSpace()
    {
        var any = false;
        for (; _token.Kind == CssTokenKind.Space; any = true)
        {
            Advance();
        }

        return any;
    }

    // What stands in the brackets the current token opens; the closing one is the current token then.
    private string Brackets(char close)
    {
        var start = _token.End;
        SkipBrackets(close);
        return _text[start.._token.Start].ToString();
    }

    private void SkipBrackets(char close = '\0')
    {
        if (_token.Kind is not (CssTokenKind.Open or CssTokenKind.Function))
        {
            return;
        }

        var own = _token.Kind == CssTokenKind.Function ? ')' : BracketStack.Closing(_text[_token.Start]);
        var open = new BracketStack(close != '\0' ? close : own);
        while (open.Depth > 0 && _token.Kind != CssTokenKind.End)
        {
            Advance();
            open.Take(_token, _text);
        }
    }
}
