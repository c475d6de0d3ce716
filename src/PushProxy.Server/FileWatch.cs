using System.IO.Hashing;

namespace PushProxy.Server;

/// <summary>
/// Tells when the content of files has changed, by looking every few seconds: also through symbolic links swapped by an
/// orchestrator, bind mounts and network folders, where notifications don't come.
/// </summary>
internal sealed class FileWatch : IDisposable
{
    private readonly IReadOnlyList<string> _paths;
    private readonly Func<Task> _changed;
    private readonly ITimer _timer;
    private UInt128 _seen;
    private int _busy;

    public FileWatch(IReadOnlyList<string> paths, TimeSpan interval, TimeProvider time, Func<Task> changed)
    {
        (_paths, _changed) = (paths, changed);
        _seen = Fingerprint();
        _timer = time.CreateTimer(static state => _ = ((FileWatch)state!).LookAsync(), this, interval, interval);
    }

    public void Dispose() => _timer.Dispose();

    private async Task LookAsync()
    {
        if (Interlocked.Exchange(ref _busy, 1) == 1)
        {
            return;
        }

        try
        {
            var now = Fingerprint();
            if (now != _seen)
            {
                _seen = now;
                await _changed();
            }
        }
        finally
        {
            Volatile.Write(ref _busy, 0);
        }
    }

    // A file that can't be read just now counts as empty: it is looked at again when it can.
    private UInt128 Fingerprint()
    {
        var hash = new XxHash128();
        foreach (var path in _paths)
        {
            try
            {
                hash.Append(File.ReadAllBytes(path));
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                hash.Append([0]);
            }

            hash.Append("\0next"u8);
        }

        return hash.GetCurrentHashAsUInt128();
    }
}
