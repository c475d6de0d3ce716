using PushProxy.Analysis.Selectors;
using PushProxy.Analysis.Tree;

namespace PushProxy.Analysis.Sheets;

/// <summary>A selector of a rule.</summary>
/// <param name="Rule">The rule's place in its stylesheet.</param>
/// <param name="Selector">The selector.</param>
internal readonly record struct IndexedSelector(int Rule, Selector Selector);

/// <summary>
/// The selectors of one stylesheet by what their subject must have: an id, else a class, a type, an attribute. Of thousands of selectors,
/// an element is compared with the few that have a chance.
/// </summary>
internal sealed class SheetIndex
{
    // Among more lists one may be twice. A rule that matches twice changes no more than one that matches once.
    private const int MaxLists = 64;

    private readonly Dictionary<string, SelectorList> _ids = [];
    private readonly Dictionary<string, SelectorList> _classes = [];
    private readonly Dictionary<string, SelectorList> _types = [];
    private readonly Dictionary<string, SelectorList> _attributes = [];
    private readonly Dictionary<string, SelectorList> _values = [];
    private readonly SelectorList _others = new();

    /// <summary>Makes the index of a stylesheet.</summary>
    public SheetIndex(Stylesheet sheet)
    {
        for (var rule = 0; rule < sheet.Rules.Length; rule++)
        {
            foreach (var selector in sheet.Rules[rule].Selectors)
            {
                if (selector.Pseudo != PseudoElement.Other)
                {
                    ListFor(selector.Subject).Add(new(rule, selector));
                }
            }
        }
    }

    /// <summary>Adds the lists of those that have a chance to match an element.</summary>
    public void Collect(TreeNode node, List<SelectorList> lists)
    {
        lists.Clear();
        if (_others.Count > 0)
        {
            lists.Add(_others);
        }

        Add(_types, node.Tag, lists);
        if (node.Id is { Length: > 0 } id)
        {
            Add(_ids, id, lists);
        }

        foreach (var name in node.Classes)
        {
            Add(_classes, name, lists);
        }

        if (_attributes.Count + _values.Count > 0)
        {
            foreach (var (name, value) in node.Attributes)
            {
                Add(_attributes, name, lists);
                Add(_values, value, lists);
            }
        }
    }

    /// <summary>All its lists, with what their subjects must have.</summary>
    public IEnumerable<(SubjectKey Key, SelectorList List)> Lists() =>
    [
        .. Of(_ids, SubjectKind.Id), .. Of(_classes, SubjectKind.Class), .. Of(_types, SubjectKind.Type),
        .. Of(_attributes, SubjectKind.Attribute), .. Of(_values, SubjectKind.Value), .. _others.Count == 0 ? [] : Others(),
    ];

    private static IEnumerable<(SubjectKey Key, SelectorList List)> Of(Dictionary<string, SelectorList> map, SubjectKind kind) =>
        map.Select(entry => (new SubjectKey(kind, entry.Key), entry.Value));

    private (SubjectKey Key, SelectorList List)[] Others() => [(SubjectKey.None, _others)];

    private static void Add(Dictionary<string, SelectorList> map, string key, List<SelectorList> lists)
    {
        // A class named twice is one class.
        if (map.TryGetValue(key, out var list) && (lists.Count > MaxLists || !lists.Contains(list)))
        {
            lists.Add(list);
        }
    }

    private SelectorList ListFor(Compound subject)
    {
        var (map, key) = subject switch
        {
            { Id: { } id } => (_ids, id),
            { Classes: [var name, ..] } => (_classes, name),
            { Tag: { } tag } => (_types, tag),
            { Conditions: [AttributeCondition { Operator: '=', IgnoresCase: false, Value: { } value }, ..] } => (_values, value),
            { Conditions: [AttributeCondition { Name: { } attribute }, ..] } => (_attributes, attribute),
            _ => (null, ""),
        };
        if (map is null)
        {
            return _others;
        }

        if (!map.TryGetValue(key, out var list))
        {
            map.Add(key, list = new());
        }

        return list;
    }
}
