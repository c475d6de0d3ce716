using PushProxy.Cache;

namespace PushProxy.Server.Health;

/// <summary>
/// <c>POST /purge</c> on the management listener: removes stored responses. <c>target</c> may be given several times.
/// </summary>
internal static class Purge
{
    private const string Usage =
        "POST /purge?target=https://host/path removes a URL, with * at the end all that begin with it, with &group=NAME only those of the "
        + "group; POST /purge?all removes everything.";

    public static Task AnswerAsync(HttpContext http)
    {
        if (!HttpMethods.IsPost(http.Request.Method))
        {
            http.Response.Headers.Allow = "POST";
            return ManagementPipeline.Text(http, StatusCodes.Status405MethodNotAllowed, Usage);
        }

        var query = http.Request.Query;
        var (targets, group, isAll) = (query["target"], query["group"], query.ContainsKey("all"));
        var unknown = query.Keys.FirstOrDefault(static k => k is not ("target" or "group" or "all"));
        if (unknown is not null || group.Count > 1 || isAll == (targets.Count > 0))
        {
            return ManagementPipeline.Text(
                http, StatusCodes.Status400BadRequest, unknown is null ? Usage : $"'{unknown}' is not known. {Usage}");
        }

        var purge = http.RequestServices.GetRequiredService<HttpCachePurge>();
        var removed = isAll ? purge.All() : 0;
        foreach (var target in targets)
        {
            if (!TryRemove(purge, target ?? "", group.Count == 1 ? group[0] : null, out var count))
            {
                return ManagementPipeline.Text(
                    http,
                    StatusCodes.Status400BadRequest,
                    $"'{target}' is not an absolute http or https URL. {removed} removed before it.");
            }

            removed += count;
        }

        return http.Response.WriteAsJsonAsync(new { removed });
    }

    private static bool TryRemove(HttpCachePurge purge, string target, string? group, out int removed)
    {
        removed = 0;
        var isPrefix = target.EndsWith('*');
        if (!Uri.TryCreate(isPrefix ? target[..^1] : target, UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https"))
        {
            return false;
        }

        removed = group is not null ? purge.Group(url, group) : isPrefix ? purge.Prefix(url) : purge.Url(url);
        return true;
    }
}
