using System.Security.Cryptography;
using System.Threading.Channels;
using Microsoft.AspNetCore.DataProtection;

namespace PushProxy.Server.AffinityKeys;

/// <summary>
/// Has keys that came from another instance read at once, so that no request does it, and tells the others those that they may have lost.
/// </summary>
internal sealed class SharedKeysService(SharedKeys keys, RefreshedKeyManager manager, IDataProtectionProvider protection, TimeProvider time)
    : BackgroundService
{
    private static readonly TimeSpan TellEvery = TimeSpan.FromMinutes(1);

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // Several that came meanwhile are one.
        var came = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
        void OnCame()
        {
            manager.Refresh();
            came.Writer.TryWrite(true);
        }

        keys.Came += OnCame;
        try
        {
            using var timer = new PeriodicTimer(TellEvery, time);
            await Task.WhenAll(ReadAsync(came.Reader, stoppingToken), TellAsync(timer, stoppingToken));
        }
        finally
        {
            keys.Came -= OnCame;
        }
    }

    private async Task ReadAsync(ChannelReader<bool> came, CancellationToken cancellation)
    {
        // Whoever uses a key has all of them read on another thread, and goes on with those that were known.
        var protector = protection.CreateProtector(typeof(SharedKeysService).FullName!);
        await foreach (var _ in came.ReadAllAsync(cancellation))
        {
            try
            {
                protector.Protect([]);
            }
            catch (Exception e) when (e is CryptographicException or InvalidOperationException or IOException)
            {
                // .NET has said so. The next request tries again.
            }
        }
    }

    private async Task TellAsync(PeriodicTimer timer, CancellationToken cancellation)
    {
        while (await timer.WaitForNextTickAsync(cancellation))
        {
            keys.Tell();
        }
    }
}
