using PushProxy.Model;

namespace PushProxy.Knowledge.Shells;

/// <summary>Some views of a page, one after the other, and what their answers have in common. Its owner's lock guards it.</summary>
/// <param name="bytes">What the first of them began with.</param>
/// <param name="fields">The header fields of the first; null if it can have no shell.</param>
/// <param name="obstacle">The field because of which it can have none.</param>
internal sealed class ShellWindow(byte[] bytes, ShellFields? fields, string? obstacle)
{
    private const int MaxPages = 8;

    private readonly AddressSet _clients = new(64);
    private readonly AddressSet _pages = new(MaxPages);

    public byte[] Bytes { get; } = bytes;

    /// <summary>How many of the bytes all answers have in common.</summary>
    public int Common { get; private set; } = bytes.Length;

    public ShellFields? Fields { get; } = fields;

    /// <summary>The field because of which there is no shell, although the answers may begin alike; null if there is none.</summary>
    public string? Obstacle { get; private set; } = obstacle;

    public int Views { get; private set; }

    /// <summary>The estimated memory, in bytes.</summary>
    public long Size => 256 + Bytes.Length + (Fields?.Size ?? 0) + _clients.Size + _pages.Size;

    /// <summary>Adds an answer.</summary>
    /// <param name="common">How many bytes it has in common with the first.</param>
    /// <param name="difference">The field in which it differs from the first; null if there is none.</param>
    /// <param name="client">The hash of the client's address.</param>
    /// <param name="page">The hash of the page.</param>
    public void Add(int common, string? difference, ulong client, ulong page)
    {
        Common = Math.Min(Common, common);
        Obstacle ??= difference;
        Views++;
        _clients.Add(client);
        _pages.Add(page);
    }

    /// <summary>Returns whether enough answers have come, to enough clients, of enough pages.</summary>
    public bool IsFull(ShellOptions options, int pages) =>
        Views >= options.Views && _clients.Count >= options.Clients && _pages.Count >= Math.Min(pages, MaxPages);
}
