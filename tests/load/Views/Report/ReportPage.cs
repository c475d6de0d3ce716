namespace PushProxy.Load.Views.Report;

internal static class ReportPage
{
    public static string Of(ViewsReport report) => report.Verdict;
}
