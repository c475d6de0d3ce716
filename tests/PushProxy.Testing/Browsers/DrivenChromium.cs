namespace PushProxy.Testing.Browsers;

/// <summary>Debian's Chromium, driven as the other browsers are.</summary>
public sealed class DrivenChromium : IDrivenBrowser
{
    private readonly DirectoryInfo _profile = Directory.CreateTempSubdirectory("push-chromium-");
    private Chromium _chromium = null!;

    private DrivenChromium()
    {
    }

    /// <summary>Starts it.</summary>
    /// <param name="spkiHash">The public key it is to trust (<see cref="TestCertificate.SpkiHash"/>).</param>
    public static async Task<DrivenChromium> StartAsync(string spkiHash)
    {
        var driven = new DrivenChromium();
        driven._chromium = await Chromium.StartAsync(LoggedBrowser.Current, driven._profile.FullName, spkiHash);
        return driven;
    }

    /// <inheritdoc/>
    public async Task<IDrivenTab> OpenTabAsync(bool scripts = true)
    {
        var tab = await _chromium.OpenTabAsync();
        await tab.SendAsync("Emulation.setScriptExecutionDisabled", new { value = !scripts });
        return new Tab(tab);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _chromium.DisposeAsync();
        _profile.Delete(recursive: true);
    }

    private sealed class Tab(ChromiumTab tab) : IDrivenTab
    {
        public Task GoAsync(Uri url)
        {
            // It is answered when the page's answer has come, and a test may hold that back.
            _ = tab.SendAsync("Page.navigate", new { url = url.AbsoluteUri }).ContinueWith(
                static sent => _ = sent.Exception, TaskContinuationOptions.OnlyOnFaulted);
            return Task.CompletedTask;
        }

        public async Task BackAsync()
        {
            var history = await tab.SendAsync("Page.getNavigationHistory");
            var entry = history.GetProperty("entries")[history.GetProperty("currentIndex").GetInt32() - 1];
            await tab.SendAsync("Page.navigateToHistoryEntry", new { entryId = entry.GetProperty("id").GetInt32() });
        }

        public Task<string> EvaluateAsync(string expression) => tab.EvaluateAsync<string>(expression);

        public async Task<string> UrlAsync()
        {
            var history = await tab.SendAsync("Page.getNavigationHistory");
            return history.GetProperty("entries")[history.GetProperty("currentIndex").GetInt32()].GetProperty("url").GetString()!;
        }

        public async ValueTask DisposeAsync() => await tab.SendAsync("Page.close");
    }
}
