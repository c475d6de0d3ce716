using System.Globalization;
using PushProxy.EndToEnd.PassThrough;
using PushProxy.Testing;
using PushProxy.Testing.Clients;
using PushProxy.Testing.Origins;
using PushProxy.Testing.Proxies;

namespace PushProxy.EndToEnd.Shells;

/// <summary>Tests of shells, with a program that sends them after a few views, all of which come from one address.</summary>
public abstract class ShellCase : InFrontOfAnOrigin
{
    /// <summary>What a browser sends with a navigation.</summary>
    protected static readonly string[] Navigation =
        ["sec-fetch-dest: document", "sec-fetch-mode: navigate", "accept: text/html", "user-agent: Mozilla/5.0"];

    /// <summary>The options that let few views of one client suffice.</summary>
    protected static readonly string[] Soon =
    [
        "--PushProxy:Defaults:Shell=on", "--PushProxy:Defaults:DebugHeader=true", "--PushProxy:Shell:After=2", "--PushProxy:Shell:Views=2",
        "--PushProxy:Shell:Clients=1", "--PushProxy:Shell:MinThinkTime=00:00:00",
    ];

    private int _views;

    /// <summary>A page whose head and header are the same in each answer, and the rest is not.</summary>
    protected string Page(string? rest = null) => Beginning + (rest ?? string.Create(
        CultureInfo.InvariantCulture, $"view {Interlocked.Increment(ref _views)}</p></main></body></html>"));

    /// <summary>What pages begin with.</summary>
    protected static string Beginning { get; } =
        "<!doctype html>\n<html lang=en><head><meta charset=utf-8><title>Shop</title></head>\n<body><header><h1>Shop</h1>"
        + string.Concat(Enumerable.Range(0, 12).Select(static i => $"<a href=/{i}>Department {i}</a>")) + "</header>\n<main><p>";

    /// <summary>Sets such a page at a path.</summary>
    protected void Shop(string path, string headers = "Content-Type: text/html; charset=utf-8") => Origin.On(
        path, request => request.WriteAsync(RawRequest.Response("200 OK", headers, Page())));

    /// <summary>Starts the program.</summary>
    protected Task<PushProxyProcess> StartShellsAsync(params string[] options) => StartAsync([.. Soon, .. options]);

    /// <summary>Asks for a page over a connection of its own.</summary>
    protected static async Task<NodeAnswer> GetAsync(PushProxyProcess proxy, string path, params string[] fields)
    {
        await using var connection = NodeConnection.Open(proxy.Secure, push: false);
        return await connection.GetAsync(path, fields.Length == 0 ? Navigation : fields);
    }

    /// <summary>Asks for a page until it begins with a shell.</summary>
    protected static Task<NodeAnswer> LearnAsync(PushProxyProcess proxy, string path, params string[] fields) => Eventually.AnswerAsync(
        () => GetAsync(proxy, path, fields), static answer => WordOf(answer) == "sent", "a shell");

    /// <summary>What the debug header says of the shell.</summary>
    protected static string? WordOf(NodeAnswer answer) =>
        answer.Decision.Split(';', ',').FirstOrDefault(static p => p.StartsWith("shell=", StringComparison.Ordinal))?["shell=".Length..];
}
