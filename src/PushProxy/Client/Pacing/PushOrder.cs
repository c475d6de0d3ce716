namespace PushProxy.Client.Pacing;

/// <summary>The rank of a pushed response among all of its connection. The lowest rank goes first.</summary>
/// <param name="Urgency">The page's urgency, as the client states it (RFC 9218 §4.1): from 0, the most urgent, to 7.</param>
/// <param name="Page">The number of the page, in the order of requests.</param>
/// <param name="Index">The position of the resource in the page's delivery order.</param>
internal readonly record struct PushOrder(int Urgency, int Page, int Index) : IComparable<PushOrder>
{
    /// <summary>Whether the resource is render-blocking. It does not change the rank.</summary>
    public bool IsBlocking { get; init; }

    /// <summary>The urgency if the client states none (RFC 9218 §4.1).</summary>
    public const int DefaultUrgency = 3;

    public int CompareTo(PushOrder other) =>
        Urgency != other.Urgency ? Urgency.CompareTo(other.Urgency)
        : Page != other.Page ? Page.CompareTo(other.Page)
        : Index.CompareTo(other.Index);

    /// <summary>Reads <c>u=</c> of a Priority field (RFC 9218 §4). A value that cannot be read gives the default.</summary>
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
