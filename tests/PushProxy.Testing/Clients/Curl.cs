namespace PushProxy.Testing.Clients;

/// <summary>curl: speaks every version of HTTP there is, and prints interim responses.</summary>
public static class Curl
{
    /// <summary>GETs a URL and takes any certificate.</summary>
    /// <param name="url">The page.</param>
    /// <param name="options">The protocol (<c>--http1.0</c>, <c>--http1.1</c>, <c>--http2</c>), other options (<c>--name value</c>), and
    /// header fields as <c>name: value</c>.</param>
    /// <returns>The heads of all responses in order, interim ones too.</returns>
    public static Task<IReadOnlyList<Head>> HeadsAsync(Uri url, params string[] options) => HeadsFromAsync(null, url, options);

    /// <summary>GETs a URL from an address of one's own, and takes any certificate.</summary>
    /// <param name="address">The address that the connection comes from: any of 127.0.0.0/8; null if the system chooses.</param>
    /// <param name="url">The page.</param>
    /// <param name="options">As above.</param>
    /// <returns>The heads of all responses in order, interim ones too.</returns>
    public static async Task<IReadOnlyList<Head>> HeadsFromAsync(string? address, Uri url, params string[] options)
    {
        var arguments = options.SelectMany(o => o.StartsWith('-') ? o.Split(' ', 2) : ["-H", o]);
        if (address is not null)
        {
            arguments = ["--interface", address, .. arguments];
        }

        var result = await ExternalTool.RunAsync(
            "curl",
            ["--silent", "--show-error", "--insecure", "--dump-header", "-", "--output", "/dev/null", .. arguments, url.AbsoluteUri]);
        return result.ExitCode == 0
            ? [.. result.Output.Split("\r\n\r\n", StringSplitOptions.RemoveEmptyEntries).Select(Head.Parse)]
            : throw new InvalidOperationException($"curl ended with {result.ExitCode}: {result.Error}");
    }

    /// <summary>The targets of the preloads in a response's Link fields.</summary>
    public static IEnumerable<string> Preloads(this Head response)
    {
        ArgumentNullException.ThrowIfNull(response);
        return response.Values("Link").SelectMany(LinkValue.Parse).Where(l => l.IsPreload).Select(l => l.Target);
    }
}
