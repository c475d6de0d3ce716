namespace PushProxy.Server.AccessLog;

/// <summary>Where lines go: a file, or standard output. One thread uses it.</summary>
/// <param name="path">The file; null is standard output.</param>
internal sealed class AccessLogTarget(string? path) : IDisposable
{
    private readonly FileStreamOptions _options = new()
    {
        Mode = FileMode.OpenOrCreate,
        Access = FileAccess.Write,

        // Whoever rotates the file may rename, truncate and delete it.
        Share = FileShare.ReadWrite | FileShare.Delete,
        BufferSize = 0,
    };

    private Stream? _stream;
    private bool _isTorn;

    /// <summary>Opens the file, and makes it if there is none.</summary>
    /// <exception cref="IOException">It can't be opened.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be opened.</exception>
    public void Open()
    {
        Dispose();
        if (path is null)
        {
            _stream = Console.OpenStandardOutput();
            return;
        }

        if (!OperatingSystem.IsWindows())
        {
            // Addresses of visitors are nobody else's business.
            _options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead;
        }

        _stream = new FileStream(path, _options);
    }

    /// <summary>Appends whole lines.</summary>
    /// <exception cref="IOException">They can't be written. They are not tried again.</exception>
    /// <exception cref="UnauthorizedAccessException">The file has to be opened again, and may not be.</exception>
    public void Write(ReadOnlySpan<byte> lines)
    {
        if (_stream is null || WasMoved())
        {
            Open();
        }

        var stream = _stream!;

        // The end is where others have left it: a file that was truncated begins anew.
        var start = stream.CanSeek ? stream.Seek(0, SeekOrigin.End) : 0;
        try
        {
            if (_isTorn)
            {
                stream.Write("\n"u8);
                _isTorn = false;
            }

            stream.Write(lines);
            stream.Flush();
        }
        catch (IOException)
        {
            _isTorn = !TryShorten(stream, start);
            throw;
        }
    }

    public void Dispose()
    {
        _stream?.Dispose();
        _stream = null;
    }

    // On a full disk a part of the lines may be there. The next ones must not follow the half of a line.
    private static bool TryShorten(Stream stream, long length)
    {
        try
        {
            if (stream.CanSeek)
            {
                stream.SetLength(length);
                return true;
            }
        }
        catch (IOException)
        {
            // It is a device.
        }

        return false;
    }

    // .NET does not tell which file a name is. Two files of one length are taken for one; the one that is written to then grows.
    private bool WasMoved()
    {
        if (path is null || !_stream!.CanSeek)
        {
            return false;
        }

        var named = new FileInfo(path);
        var file = named.LinkTarget is null ? named : named.ResolveLinkTarget(returnFinalTarget: true) as FileInfo;
        return file is not { Exists: true } || file.Length != _stream.Length;
    }
}
