using System.Runtime.InteropServices;
using System.Text;

namespace PushProxy.Load.Link;

/// <summary>
/// A network interface whose cable ends in this program: what the kernel sends over it is read here, an IP packet at a time. tun(4).
/// </summary>
internal sealed partial class TunDevice : IDisposable
{
    private const string Path = "/dev/net/tun";
    private const int ReadWriteNonBlocking = 0x802;
    private const nuint SetInterface = 0x400454CA;
    private const short TunWithoutPacketInfo = 0x1001;
    private const short Readable = 1;
    private readonly int _descriptor;

    private TunDevice(int descriptor, string name) => (_descriptor, Name) = (descriptor, name);

    /// <summary>Of the interface.</summary>
    public string Name { get; }

    /// <summary>
    /// Makes an interface, down and without an address, in the network namespace this program is in. It goes when it is disposed of.
    /// </summary>
    /// <exception cref="InvalidOperationException">The kernel has no TUN devices, or does not let this user make one.</exception>
    public static TunDevice Create(string name)
    {
        if (!File.Exists(Path))
        {
            throw new InvalidOperationException($"There is no {Path}. Load the module (modprobe tun); a container needs --device {Path}.");
        }

        var descriptor = Open(Path, ReadWriteNonBlocking);
        // struct ifreq: 16 octets of name, then flags.
        var request = new byte[40];
        Encoding.ASCII.GetBytes(name, request);
        MemoryMarshal.Write(request.AsSpan(16), TunWithoutPacketInfo);
        if (descriptor < 0 || Control(descriptor, SetInterface, request) < 0)
        {
            var reason = Marshal.GetLastPInvokeErrorMessage();
            _ = descriptor < 0 ? 0 : Close(descriptor);
            throw new InvalidOperationException(
                $"{Path} can't be used: {reason}. It takes read and write access to it, and root or a user namespace.");
        }

        return new TunDevice(descriptor, name);
    }

    /// <summary>Waits until there is a packet to read, or the time is over.</summary>
    public void Wait(TimeSpan time)
    {
        var poll = new Poll { Descriptor = _descriptor, Events = Readable };
        var limit = new Time { Seconds = time.Ticks / TimeSpan.TicksPerSecond, Nanoseconds = time.Ticks % TimeSpan.TicksPerSecond * 100 };
        _ = PollOne(ref poll, 1, in limit, 0);
    }

    /// <summary>Reads a packet.</summary>
    /// <returns>Its length; 0 when there is none now.</returns>
    public int Read(Span<byte> packet) => (int)Math.Max(0, Read(_descriptor, packet, (nuint)packet.Length));

    /// <summary>Hands a packet to the kernel, as if it had come over the cable. An interface that is down takes none.</summary>
    public void Write(ReadOnlySpan<byte> packet) => _ = Write(_descriptor, packet, (nuint)packet.Length);

    /// <inheritdoc/>
    public void Dispose() => _ = Close(_descriptor);

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "ioctl", SetLastError = true)]
    private static partial int Control(int descriptor, nuint request, byte[] argument);

    [LibraryImport("libc", EntryPoint = "ppoll")]
    private static partial int PollOne(ref Poll descriptors, nuint count, in Time limit, nint signals);

    [LibraryImport("libc", EntryPoint = "read")]
    private static partial nint Read(int descriptor, Span<byte> buffer, nuint length);

    [LibraryImport("libc", EntryPoint = "write")]
    private static partial nint Write(int descriptor, ReadOnlySpan<byte> buffer, nuint length);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int descriptor);

    [StructLayout(LayoutKind.Sequential)]
    private struct Poll
    {
        public int Descriptor;
        public short Events;
        public short Occurred;
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct Time
    {
        public long Seconds;
        public long Nanoseconds;
    }
}
