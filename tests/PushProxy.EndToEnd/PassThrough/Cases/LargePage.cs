using System.Text;

namespace PushProxy.EndToEnd.PassThrough.Cases;

/// <summary>HTML by the megabyte: a head that goes on and on.</summary>
internal static class LargePage
{
    private static readonly byte[] Megabyte = Make();

    /// <summary>Writes it, a megabyte at a time.</summary>
    public static async Task WriteAsync(int megabytes, Func<ReadOnlyMemory<byte>, Task> write)
    {
        for (var i = 0; i < megabytes; i++)
        {
            await write(Megabyte);
        }
    }

    private static byte[] Make()
    {
        var text = new StringBuilder();
        for (var i = 0; text.Length < 1 << 20; i++)
        {
            text.Append("<meta name=n").Append(i).Append("><link rel=stylesheet href=/").Append(i).Append(".css><script src=/").Append(i)
                .Append(".js></script>\n");
        }

        return Encoding.ASCII.GetBytes(text.ToString())[..(1 << 20)];
    }
}
