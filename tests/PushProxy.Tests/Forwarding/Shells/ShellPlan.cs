using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using PushProxy.Model;

namespace PushProxy.Tests.Forwarding.Shells;

/// <summary>A page, its shell and what its origin answers, drawn by chance.</summary>
internal sealed class ShellPlan
{
    private static readonly string[] Harmless = ["Date", "ETag", "Last-Modified", "Content-Length", "Server-Timing", "X-Request-Id"];

    private readonly Random _random;

    public ShellPlan(int seed)
    {
        _random = new Random(seed);
        var fields = new HeaderDictionary { ["Content-Type"] = "text/html; charset=utf-8", ["X-Frame-Options"] = "DENY" };
        var withOwn = new HeaderDictionary { ["Alt-Svc"] = "h3", ["Content-Type"] = fields["Content-Type"], ["X-Frame-Options"] = "DENY" };
        Shell = new Shell(Bytes(1 + _random.Next(Size())), ShellFields.Of(withOwn, out _)!, _random.Next(2) == 0);
        Body = AnyBody(Shell.Bytes.Span);
        Headers = fields;
        Fault = AnyHead(fields);
        BreaksAt = _random.Next(4) == 0 ? _random.Next(-1, Body.Length + 1) : null;
        LeavesAt = _random.Next(5) == 0 ? _random.Next(8) : null;
        MaxKeptBytes = 1 + _random.Next(Size());
        (IsFull, Reloads) = (_random.Next(10) == 0, _random.Next(5) != 0);
        ReloadLeavesAfter = _random.Next(8) == 0 ? _random.Next(Size()) : int.MaxValue;
    }

    public Shell Shell { get; }

    /// <summary>The origin's whole body.</summary>
    public byte[] Body { get; }

    public int Status { get; private set; } = 200;

    /// <summary>The origin's fields.</summary>
    public HeaderDictionary Headers { get; }

    /// <summary>What is wrong with the head.</summary>
    public ShellFault Fault { get; }

    /// <summary>After how many bytes of its body the origin breaks off; -1: before the head; null: it does not.</summary>
    public int? BreaksAt { get; }

    /// <summary>At which step the client leaves; null: it stays.</summary>
    public int? LeavesAt { get; }

    public int MaxKeptBytes { get; }

    /// <summary>Whether no more answers can be kept.</summary>
    public bool IsFull { get; }

    /// <summary>Whether the client loads the page again when it is told so.</summary>
    public bool Reloads { get; }

    public int ReloadLeavesAfter { get; }

    /// <summary>Whether something happens that does so one time in so many.</summary>
    public bool Once(int inSoMany) => _random.Next(inSoMany) == 0;

    /// <summary>The length of the next piece that is written; now and then 0.</summary>
    public int Piece(int rest) => _random.Next(Math.Min(rest, Size()) + 1);

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"shell {Shell.Bytes.Length}, body {Body.Length}, head {Fault}, breaks {BreaksAt}, leaves {LeavesAt}, full {IsFull}, reloads {Reloads}");

    private int Size() => _random.Next(4) switch { 0 => 4, 1 => 40, 2 => 400, _ => 4000 };

    // Few different bytes, so that what differs is often the same for a while.
    private byte[] Bytes(int length)
    {
        var bytes = new byte[length];
        for (var i = 0; i < length; i++)
        {
            bytes[i] = (byte)"ab<"[_random.Next(3)];
        }

        return bytes;
    }

    private byte[] AnyBody(ReadOnlySpan<byte> shell)
    {
        byte[] right = [.. shell, .. Bytes(_random.Next(Size()))];
        switch (_random.Next(8))
        {
            case 0:
                return shell.ToArray();
            case 1:
                return shell[.._random.Next(shell.Length)].ToArray();
            case 2 or 3:
                right[_random.Next(shell.Length)] ^= 1;
                return right;
            case 4:
                return Bytes(_random.Next(Size()));
            default:
                return right;
        }
    }

    private ShellFault AnyHead(HeaderDictionary fields)
    {
        foreach (var name in Harmless)
        {
            if (Once(3))
            {
                fields[name] = "1";
            }
        }

        switch (_random.Next(30))
        {
            case 0 or 1:
                Status = new[] { 404, 500, 302, 206, 204 }[_random.Next(5)];
                return ShellFault.Status;
            case 2:
                fields["Content-Type"] = "application/json";
                return ShellFault.Status;
            case 3:
                fields["Content-Encoding"] = "gzip";
                return ShellFault.Encoded;
            case 4:
                fields["X-Frame-Options"] = "SAMEORIGIN";
                return ShellFault.Field;
            case 5:
                fields.Remove("X-Frame-Options");
                return ShellFault.Field;
            case 6:
                fields["Set-Cookie"] = new StringValues(["a=1", "b=2; Path=/"]);
                return ShellFault.Field;
            default:
                return ShellFault.None;
        }
    }

    /// <summary>Returns the header fields that the answer has in the end: the origin's, and what was added before and behind it.</summary>
    public HeaderDictionary FieldsOfTheAnswer()
    {
        var fields = new HeaderDictionary { ["Alt-Svc"] = "h3", ["X-Starting"] = "1" };
        if (BreaksAt != -1)
        {
            fields["X-Added"] = "1";
            foreach (var field in Headers)
            {
                fields[field.Key] = field.Value;
            }
        }

        return fields;
    }

    /// <summary>Returns what must be found to be wrong with the answer; null if it broke off before anything was.</summary>
    /// <param name="written">What the origin has sent of the body.</param>
    /// <param name="failed">Whether it broke off.</param>
    /// <param name="isStarted">Whether its head had left when it did.</param>
    public ShellFault? FaultOf(ReadOnlySpan<byte> written, bool failed, bool isStarted)
    {
        var shell = Shell.Bytes.Span;
        var same = written.CommonPrefixLength(shell);
        return BreaksAt == -1 ? ShellFault.NoAnswer
            : Fault != ShellFault.None ? Fault
            : same == shell.Length ? ShellFault.None
            : same < written.Length ? ShellFault.Bytes
            : !failed ? ShellFault.Short
            : !isStarted ? ShellFault.NoAnswer : null;
    }
}
