namespace PushProxy.Server.Demo;

/// <summary>A page of the demo site, so that the program can say which URL to open and what to look for.</summary>
/// <param name="Path">Absolute path, and query where it matters.</param>
/// <param name="Title">What the page is, in a word or two.</param>
/// <param name="LookFor">What somebody trying PushProxy sees there; one sentence without a full stop.</param>
internal sealed record DemoPage(string Path, string Title, string LookFor);
