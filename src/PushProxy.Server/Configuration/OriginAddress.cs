using System.Diagnostics.CodeAnalysis;

namespace PushProxy.Server.Configuration;

/// <summary>Reads the address of the site to stand in front of.</summary>
internal static class OriginAddress
{
    public static bool TryParse(string text, [NotNullWhen(true)] out Uri? origin, out string error)
    {
        error = "";
        if (!Uri.TryCreate(text, UriKind.Absolute, out origin) || origin.Scheme is not ("http" or "https") || origin.Host.Length == 0)
        {
            error = $"'{text}' is not the address of a site; write http://host:port or https://host";
        }
        else if (origin.Query.Length > 0 || origin.Fragment.Length > 0)
        {
            error = $"'{text}' has a query or fragment; the address of a site must not have one";
        }
        else if (origin.UserInfo.Length > 0)
        {
            error = "the address of a site must not have a user name or password; add an Authorization header by a transform instead";
        }

        return error.Length == 0;
    }
}
