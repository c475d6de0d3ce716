using System.Net;
using System.Net.Sockets;

namespace PushProxy.Testing;

/// <summary>Ports for programs that can't tell which one they got: one that was free a moment ago. Somebody else may be quicker.</summary>
public static class Ports
{
    /// <summary>Finds a free one.</summary>
    /// <param name="address">Of this address; null: 127.0.0.1.</param>
    public static int Free(IPAddress? address = null)
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(address ?? IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }

    /// <summary>Whether somebody accepts connections there.</summary>
    /// <param name="port">The port.</param>
    /// <param name="address">Of this address; null: 127.0.0.1.</param>
    public static async Task<bool> AcceptsAsync(int port, IPAddress? address = null)
    {
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync(address ?? IPAddress.Loopback, port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
