using PushProxy.Analysis;

namespace PushProxy.Server.Inspection;

/// <summary>
/// What a page that is a file reads besides itself: files of its folder, or of the working folder if that is above it, and whatever it
/// names on the network. Pages of sites have no part in this.
/// </summary>
/// <param name="page">The page's full path.</param>
/// <param name="network">Reads the rest.</param>
/// <param name="limit">How long one file may take.</param>
internal sealed class LocalFiles(string page, SubresourceReader network, TimeSpan limit) : ISubresourceSource
{
    private const int ImageHead = 64 * 1024;

    /// <summary>
    /// The site that files belong to while they are analysed: only http URLs have an origin. No page and no stylesheet can guess its name.
    /// </summary>
    public static readonly Uri Site = new($"http://{Guid.NewGuid():N}.invalid/");

    private readonly string _folder = FolderOf(page);
    private readonly int _maxBytes = AnalysisOptions.Default.MaxStylesheetBytes;

    /// <summary>Reads the beginning of a file that may be a pipe.</summary>
    /// <param name="path">It.</param>
    /// <param name="maxBytes">The most.</param>
    /// <param name="limit">How long it may take.</param>
    /// <param name="cancellation">Ends the work.</param>
    /// <exception cref="TimeoutException">It took longer. A thread may go on waiting for whoever writes it.</exception>
    public static Task<ReadOnlyMemory<byte>> ReadAsync(string path, int maxBytes, TimeSpan limit, CancellationToken cancellation)
    {
        async Task<ReadOnlyMemory<byte>> OpenAsync()
        {
            await using var stream = File.OpenRead(path);
            return await SiteClient.ReadAsync(stream, maxBytes, cancellation);
        }

        // A pipe that nobody writes to is waited for while it is opened already.
        return Task.Run(OpenAsync, cancellation).WaitAsync(limit, cancellation);
    }

    /// <summary>Returns the file that a URL of <see cref="Site"/> means; any other URL as it is.</summary>
    public static string ToFile(string url) =>
        url.StartsWith(Site.AbsoluteUri, StringComparison.Ordinal) ? "file:///" + url[Site.AbsoluteUri.Length..] : url;

    public async ValueTask<StylesheetText?> GetAsync(Uri url, CancellationToken cancellation) =>
        url.Host != Site.Host ? await network.GetAsync(url, cancellation)
        : await ReadAsync(url, _maxBytes, cancellation) is { } bytes ? new(bytes, null, SubresourceReader.FetchedOnce) : null;

    public async ValueTask<ReadOnlyMemory<byte>?> GetModuleAsync(Uri url, CancellationToken cancellation) =>
        url.Host != Site.Host ? await network.GetModuleAsync(url, cancellation) : await ReadAsync(url, _maxBytes, cancellation);

    public async ValueTask<ReadOnlyMemory<byte>?> GetImageHeadAsync(Uri url, CancellationToken cancellation) =>
        url.Host != Site.Host ? await network.GetImageHeadAsync(url, cancellation) : await ReadAsync(url, ImageHead, cancellation);

    public ValueTask<bool> IsReachableAsync(Uri url, CancellationToken cancellation) => network.IsReachableAsync(url, cancellation);

    private static string FolderOf(string page)
    {
        var (folder, working) = (Slash(Path.GetDirectoryName(page) ?? "/"), Slash(Environment.CurrentDirectory));
        return folder.StartsWith(working, StringComparison.Ordinal) ? working : folder;
    }

    private static string Slash(string folder) => folder.EndsWith('/') ? folder : folder + '/';

    private async Task<ReadOnlyMemory<byte>?> ReadAsync(Uri url, int maxBytes, CancellationToken cancellation)
    {
        try
        {
            var path = Path.GetFullPath(Uri.UnescapeDataString(url.AbsolutePath));
            var file = new FileInfo(path);
            file = (FileInfo?)file.ResolveLinkTarget(returnFinalTarget: true) ?? file;
            if (!path.StartsWith(_folder, StringComparison.Ordinal) || !file.Exists)
            {
                return null;
            }

            // Pipes, devices and sockets have no length. They are never opened, and count as empty files.
            return file.Length > 0 ? await ReadAsync(file.FullName, maxBytes, limit, cancellation) : ReadOnlyMemory<byte>.Empty;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or TimeoutException)
        {
            return null;
        }
    }
}
