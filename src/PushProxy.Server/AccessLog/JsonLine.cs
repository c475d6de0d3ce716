using System.Buffers;

namespace PushProxy.Server.AccessLog;

/// <summary>
/// One JSON object a line. Names are those of OpenTelemetry's semantic conventions for HTTP where they have one, and begin with
/// <c>pushproxy.</c> otherwise. What is missing is left out.
/// </summary>
internal static class JsonLine
{
    public static void Write(AccessRecord record, bool withQuery, IBufferWriter<byte> line)
    {
        line.Raw("{\"timestamp\":\""u8);
        line.Time(record.Time.ToUniversalTime(), "yyyy-MM-dd'T'HH:mm:ss.fff'Z'");
        line.Raw("\""u8);
        Text(line, "client.address"u8, record.Client);
        Text(line, "http.request.method"u8, record.Method);
        Text(line, "url.scheme"u8, record.Scheme);
        var (path, query) = AccessTarget.Split(record.Target);
        Text(line, "url.path"u8, path);
        Text(line, "url.query"u8, withQuery ? query : null);
        Text(line, "network.protocol.version"u8, record.Version);
        Number(line, "http.response.status_code"u8, record.Status);
        Number(line, "http.response.body.size"u8, record.Bytes);
        Text(line, "http.request.header.host"u8, record.Host);
        Text(line, "http.request.header.referer"u8,
            record.Referer is { } referer && !withQuery ? AccessTarget.WithoutQuery(referer).ToString() : record.Referer);
        Text(line, "user_agent.original"u8, record.UserAgent);
        Seconds(line, "http.server.request.duration"u8, record.Duration);
        if (record.FirstByte is { } first)
        {
            Seconds(line, "pushproxy.time_to_first_byte"u8, first);
        }

        Text(line, "pushproxy.route"u8, record.Route);
        Text(line, "pushproxy.cache"u8, record.Cache);
        if (record.Early is { } early)
        {
            // The one that comes first.
            Text(line, "pushproxy.channel"u8, early.Pushed > 0 ? "push" : early.Hinted is not null ? "early-hints"
                : early.Linked > 0 ? "link" : "none");
            Number(line, "pushproxy.pushed"u8, early.Pushed);
            Number(line, "pushproxy.hinted"u8, early.Hinted ?? 0);
            Number(line, "pushproxy.linked"u8, early.Linked);
            True(line, "pushproxy.shell"u8, early.IsShell);
        }

        Text(line, "pushproxy.arm"u8, record.Arm == Model.Arm.None ? null : record.Arm.Name());
        True(line, "pushproxy.is_push"u8, record.IsPushed);
        Text(line, "error.type"u8, record.End == AccessEnd.Complete ? null : record.End.Name());
        line.Raw("}\n"u8);
    }

    private static void Text(IBufferWriter<byte> line, ReadOnlySpan<byte> name, string? text)
    {
        if (!string.IsNullOrEmpty(text))
        {
            Name(line, name);
            line.Json(text);
        }
    }

    private static void Number(IBufferWriter<byte> line, ReadOnlySpan<byte> name, long value)
    {
        Name(line, name);
        line.Number(value);
    }

    private static void Seconds(IBufferWriter<byte> line, ReadOnlySpan<byte> name, TimeSpan value)
    {
        Name(line, name);
        line.Seconds(value, 6);
    }

    private static void True(IBufferWriter<byte> line, ReadOnlySpan<byte> name, bool value)
    {
        if (value)
        {
            Name(line, name);
            line.Raw("true"u8);
        }
    }

    private static void Name(IBufferWriter<byte> line, ReadOnlySpan<byte> name)
    {
        line.Raw(",\""u8);
        line.Raw(name);
        line.Raw("\":"u8);
    }
}
