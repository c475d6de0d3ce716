namespace PushProxy.Client.Pacing;

/// <summary>The rank of a pushed response among all of its connection; the least goes first.</summary>
/// <param name="Urgency">The page's urgency as the client states it (RFC 9218 §4.1): 0, most urgent, to 7.</param>
/// <param name="Page">Pages in the order in which they were asked for.</param>
/// <param name="Index">Resources of one page in delivery order.</param>
internal readonly record struct PushOrder(int Urgency, int Page, int Index) : IComparable<PushOrder>
{
    /// <summary>Whether the page is not displayed before it is there. It decides nothing of the rank.</summary>
    public bool IsBlocking { get; init; }

    /// <summary>What a client that says nothing wants (RFC 9218 §4.1).</summary>
    public const int DefaultUrgency = 3;

    public int CompareTo(PushOrder other) =>
        Urgency != other.Urgency ? Urgency.CompareTo(other.Urgency)
        : Page != other.Page ? Page.CompareTo(other.Page)
        : Index.CompareTo(other.Index);

    /// <summary>Reads <c>u=</c> of a Priority field (RFC 9218 §4); what can't be read is the default.</summary>
    public static int UrgencyOf(string? priority)
    {
        foreach (var member in (priority ?? "").AsSpan().Split(','))
        {
            var text = priority.AsSpan(member).Trim();
            if (text is ['u', '=', >= '0' and <= '7'])
            {
                return text[2] - '0';
            }
        }

        return DefaultUrgency;
    }
}
