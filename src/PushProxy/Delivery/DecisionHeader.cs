using System.Globalization;
using System.Text;
using PushProxy.Model;

namespace PushProxy.Delivery;

/// <summary>
/// Writes the response header <c>PushProxy-Decision</c>, a structured-field list (RFC 9651). The first member is the page's source or the
/// reason why it was skipped. Each further member is a resource with <c>sent</c> or <c>skip</c>.
/// </summary>
internal static class DecisionHeader
{
    public const string Name = "PushProxy-Decision";

    /// <summary>The maximum length of the value, in bytes. The last member, <c>more</c>, counts the resources that do not fit.</summary>
    private const int MaxBytes = 4096;

    public static string Format(PageSkip skip) => $"none;skip={skip.Name()}";

    /// <summary>Says what is known of a page that is answered before its origin has said anything.</summary>
    public static string FormatShell(DeliveryRecord record) =>
        $"none;not-early={record.NotEarly ?? PageSkip.Unknown.Name()};shell={record.Shell}";

    /// <param name="source">The source of what is known about the page.</param>
    /// <param name="plan">The plan.</param>
    /// <param name="record">What was delivered by other channels than Link; null if nothing was.</param>
    public static string Format(PageSource source, DeliveryPlan plan, DeliveryRecord? record = null)
    {
        var text = new StringBuilder(source.Name());
        if (record?.NotEarly is { } notEarly)
        {
            text.Append(";not-early=").Append(notEarly);
        }

        if (record?.Shell is { } shell)
        {
            text.Append(";shell=").Append(shell);
        }

        if (record is { Arm: not Arm.None and var arm })
        {
            text.Append(";arm=").Append(arm.Name());
        }

        if (record?.Visit.Knowledge.Path is { Totals.WrongNames: > 0 and var wrong })
        {
            text.Append(CultureInfo.InvariantCulture, $";wrong={wrong}");
        }

        if (plan.RanOutOn is { } cost)
        {
            text.Append(";incomplete=").Append(cost);
        }

        if (plan.Resources.IsEmpty)
        {
            text.Append(";skip=").Append(PageSkip.NothingCritical.Name());
        }

        for (var i = 0; i < plan.Resources.Length; i++)
        {
            var member = Member(plan, i, record);
            if (text.Length + member.Length > MaxBytes - 16)
            {
                text.Append(CultureInfo.InvariantCulture, $", more;n={plan.Resources.Length - i}");
                break;
            }

            text.Append(member);
        }

        return text.ToString();
    }

    private static string Member(DeliveryPlan plan, int index, DeliveryRecord? record)
    {
        var planned = plan.Resources[index];
        var channel = record?.ChannelOf(plan, index) ?? (planned.Skip == ResourceSkip.None ? DeliveryChannel.Link : DeliveryChannel.None);
        var outcome = channel == DeliveryChannel.None ? ";skip=" + WhyNot(plan, index, record) : ";sent=" + channel.Name();
        if (channel == DeliveryChannel.Link && record?.WhyNotPushed(planned.Url) is { } reason and not PushSkip.None)
        {
            outcome += ";not-pushed=" + reason.Name();
        }

        if (channel == DeliveryChannel.Link && record is { IsHintable: true } && (planned.WouldBeStale || planned.VariesByCookie))
        {
            outcome += ";not-hinted=" + (planned.WouldBeStale ? "stale" : PushSkip.Varies.Name());
        }

        return planned.Resource is { } resource
            ? $", {Quote(resource.Url.PathAndQuery)};as={PreloadLink.As(resource.Kind)};found={resource.FoundBy.Name()}{outcome}"
            : $", {Quote(planned.Url)}{outcome}";
    }

    private static string WhyNot(DeliveryPlan plan, int index, DeliveryRecord? record) =>
        record?.EvidenceFor(plan, index) is { } evidence && !evidence.IsAskedFor() ? evidence.Name()
        : plan.Resources[index] is { Skip: not ResourceSkip.None } planned ? planned.Reason
        : ResourceSkip.HardReload.Name();

    // An sf-string holds printable ASCII, with quotes and backslashes escaped (RFC 9651 §3.3.3). Any other character becomes a question
    // mark.
    private static string Quote(string text)
    {
        var quoted = new StringBuilder(text.Length + 2).Append('"');
        foreach (var c in text)
        {
            quoted.Append(c is '"' or '\\' ? "\\" : "").Append(c is >= ' ' and <= '~' ? c : '?');
        }

        return quoted.Append('"').ToString();
    }
}
