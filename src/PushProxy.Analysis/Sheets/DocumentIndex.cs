using System.Runtime.InteropServices;
using PushProxy.Analysis.Budgets;
using PushProxy.Analysis.Tree;

namespace PushProxy.Analysis.Sheets;

/// <summary>Some selectors of one of a document's stylesheets.</summary>
/// <param name="Sheet">The stylesheet's place among those of the document.</param>
/// <param name="List">The selectors.</param>
internal readonly record struct SheetSelectors(int Sheet, SelectorList List);

/// <summary>
/// The indexes of a document's stylesheets in one. A page may bring thousands of small stylesheets, and to look an element up in each of
/// them would take longer than all the rest.
/// </summary>
internal sealed class DocumentIndex
{
    private readonly Dictionary<SubjectKey, List<SheetSelectors>> _lists = [];

    /// <summary>Makes it of stylesheets, in their order.</summary>
    public DocumentIndex(IEnumerable<Stylesheet> sheets, AnalysisBudget budget)
    {
        var place = 0;
        foreach (var sheet in sheets)
        {
            foreach (var (key, list) in sheet.Index.Lists())
            {
                if (!budget.Spend(AnalysisCost.Stylesheets, 4) || !budget.Keep(AnalysisCost.Stylesheets, 100))
                {
                    return;
                }

                ref var lists = ref CollectionsMarshal.GetValueRefOrAddDefault(_lists, key, out _);
                (lists ??= []).Add(new(place, list));
            }

            place++;
        }
    }

    /// <summary>Finds the selectors that have a chance to match an element, as far as the budget reaches.</summary>
    public void Collect(TreeNode node, ChargedList<SheetSelectors> lists)
    {
        lists.Clear();
        Add(SubjectKey.None, lists);
        Add(new(SubjectKind.Type, node.Tag), lists);
        if (node.Id is { } id)
        {
            Add(new(SubjectKind.Id, id), lists);
        }

        foreach (var name in node.Classes)
        {
            Add(new(SubjectKind.Class, name), lists);
        }

        foreach (var (name, value) in node.Attributes)
        {
            Add(new(SubjectKind.Attribute, name), lists);
            Add(new(SubjectKind.Value, value), lists);
        }
    }

    // An element may name thousands of keys that each have a list in every stylesheet.
    private void Add(SubjectKey key, ChargedList<SheetSelectors> lists)
    {
        foreach (var found in _lists.GetValueOrDefault(key, []))
        {
            if (!lists.TryAdd(found))
            {
                return;
            }
        }
    }
}
