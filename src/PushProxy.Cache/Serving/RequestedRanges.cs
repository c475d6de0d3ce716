using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;
using PushProxy.Cache.Store;

namespace PushProxy.Cache.Serving;

/// <summary>
/// The byte ranges that a request asks for (RFC 9110 §14), as far as they exist. Too many, or such as overlap, count as a request for the
/// whole, because answering them costs more than the whole (§17.15).
/// </summary>
internal sealed class RequestedRanges
{
    public static readonly RequestedRanges Whole = new([], isWhole: true);

    private const int MaxRanges = 16;

    private readonly (long First, long Last)[] _ranges;

    private RequestedRanges((long First, long Last)[] ranges, bool isWhole) => (_ranges, IsWhole) = (ranges, isWhole);

    /// <summary>Whether the answer is the whole.</summary>
    public bool IsWhole { get; }

    public static RequestedRanges Of(IHeaderDictionary request, StoredHead head, long length)
    {
        if (request.Range.Count != 1 || !RangeHeaderValue.TryParse(request.Range[0], out var range)
            || !range.Unit.Equals("bytes", StringComparison.OrdinalIgnoreCase) || range.Ranges.Count > MaxRanges
            || !Conditions.AllowsRange(request, head))
        {
            return Whole;
        }

        var found = new List<(long First, long Last)>();
        foreach (var part in range.Ranges)
        {
            var first = part.From ?? Math.Max(0, length - (part.To ?? 0));
            var last = part.From is null ? length - 1 : Math.Min(part.To ?? long.MaxValue, length - 1);
            if (first <= last && !(part.From is null && part.To == 0))
            {
                found.Add((first, last));
            }
        }

        var sorted = found.Order().ToList();
        return sorted.Zip(sorted.Skip(1)).Any(static pair => pair.Second.First <= pair.First.Last)
            ? Whole : new RequestedRanges([.. found], isWhole: false);
    }

    /// <summary>
    /// Sets the status and the fields of the answer: 206, or 416 if none of the ranges exists. The fields of the whole must be set. Returns
    /// the body.
    /// </summary>
    public ReadOnlyMemory<byte> Prepare(HttpContext http, byte[] body)
    {
        var response = http.Response;
        if (_ranges.Length == 0)
        {
            response.StatusCode = StatusCodes.Status416RangeNotSatisfiable;
            response.Headers.ContentRange = string.Create(CultureInfo.InvariantCulture, $"bytes */{body.Length}");
            response.Headers.Remove("Content-Type");
            response.Headers.Remove("Content-Encoding");
            response.ContentLength = 0;
            return default;
        }

        response.StatusCode = StatusCodes.Status206PartialContent;
        ReadOnlyMemory<byte> content;
        if (_ranges.Length == 1)
        {
            response.Headers.ContentRange = ContentRange(_ranges[0], body.Length);
            content = Part(body, _ranges[0]);
        }
        else
        {
            content = Multipart(response, body);
        }

        response.ContentLength = content.Length;
        return content;
    }

    // multipart/byteranges (RFC 9110 §14.6).
    private ReadOnlyMemory<byte> Multipart(HttpResponse response, byte[] body)
    {
        var boundary = Convert.ToHexString(RandomNumberGenerator.GetBytes(12));
        var type = response.ContentType;
        var message = new ArrayBufferWriter<byte>();
        foreach (var range in _ranges)
        {
            var head = $"\r\n--{boundary}\r\n{(type is null ? "" : $"Content-Type: {type}\r\n")}"
                + $"Content-Range: {ContentRange(range, body.Length)}\r\n\r\n";
            message.Write(Encoding.Latin1.GetBytes(head));
            message.Write(Part(body, range).Span);
        }

        message.Write(Encoding.Latin1.GetBytes($"\r\n--{boundary}--\r\n"));
        response.ContentType = $"multipart/byteranges; boundary={boundary}";
        return message.WrittenMemory;
    }

    private static ReadOnlyMemory<byte> Part(byte[] body, (long First, long Last) range) =>
        body.AsMemory((int)range.First, (int)(range.Last - range.First + 1));

    private static string ContentRange((long First, long Last) range, long length) =>
        string.Create(CultureInfo.InvariantCulture, $"bytes {range.First}-{range.Last}/{length}");
}
