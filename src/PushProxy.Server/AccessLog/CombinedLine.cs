using System.Buffers;
using System.Globalization;
using System.Text;

namespace PushProxy.Server.AccessLog;

/// <summary>
/// The Combined Log Format, as Apache and nginx write it, and fields of our own after it, all quoted and always there: host, cache, what
/// was delivered early, arm, seconds in all, seconds to the first byte, route, and what else there is to say. What is missing is <c>-</c>.
/// </summary>
internal static class CombinedLine
{
    public static void Write(AccessRecord record, bool withQuery, IBufferWriter<byte> line)
    {
        line.Bytes(record.Client ?? "-");
        line.Raw(" - - ["u8);
        line.Time(record.Time, "dd/MMM/yyyy:HH:mm:ss ");
        var zone = record.Time.ToString("zzz", CultureInfo.InvariantCulture);
        line.Bytes(zone.AsSpan(0, 3));
        line.Bytes(zone.AsSpan(4));
        line.Raw("] \""u8);
        line.Bytes(record.Method);
        line.Raw(" "u8);
        line.Bytes(withQuery ? record.Target : AccessTarget.WithoutQuery(record.Target));
        line.Raw(" HTTP/"u8);

        // "HTTP/2" everywhere else, and "HTTP/2.0" in the logs of Apache and nginx.
        line.Bytes(record.Version == "2" ? "2.0" : record.Version);
        line.Raw("\" "u8);
        line.Number(record.Status);
        line.Raw(" "u8);
        line.Number(record.Bytes);
        Quoted(line, record.Referer is { } referer && !withQuery ? AccessTarget.WithoutQuery(referer) : record.Referer);
        Quoted(line, record.UserAgent);
        Quoted(line, record.Host);
        Quoted(line, record.Cache);
        Quoted(line, record.Early is { } early ? Channels(early) : null);
        Quoted(line, record.Arm == Model.Arm.None ? null : record.Arm.Name());
        line.Raw(" \""u8);
        line.Seconds(record.Duration, 3);
        line.Raw("\""u8);
        if (record.FirstByte is { } first)
        {
            line.Raw(" \""u8);
            line.Seconds(first, 3);
            line.Raw("\""u8);
        }
        else
        {
            Quoted(line, null);
        }

        Quoted(line, record.Route);
        Quoted(line, (record.IsPushed, record.End) switch
        {
            (false, AccessEnd.Complete) => null,
            (true, AccessEnd.Complete) => "pushed",
            (false, var end) => end.Name(),
            (true, var end) => $"pushed {end.Name()}",
        });
        line.Raw("\n"u8);
    }

    /// <summary>Returns for example <c>push=3 link=1</c>.</summary>
    private static string Channels(EarlyShare early)
    {
        if (early is { Pushed: 0, Hinted: null, Linked: 0, IsShell: false })
        {
            return "none";
        }

        var text = new StringBuilder();
        Add("shell", early.IsShell ? 1 : 0, counts: false);
        Add("push", early.Pushed);
        Add("early-hints", early.Hinted ?? 0, always: early.Hinted is not null);
        Add("link", early.Linked);
        return text.ToString();

        void Add(string name, int count, bool counts = true, bool always = false)
        {
            if (count > 0 || always)
            {
                text.Append(text.Length > 0 ? " " : "").Append(name);
                if (counts)
                {
                    text.Append(CultureInfo.InvariantCulture, $"={count}");
                }
            }
        }
    }

    private static void Quoted(IBufferWriter<byte> line, ReadOnlySpan<char> text)
    {
        line.Raw(" \""u8);
        line.Bytes(text.IsEmpty ? "-" : text);
        line.Raw("\""u8);
    }
}
