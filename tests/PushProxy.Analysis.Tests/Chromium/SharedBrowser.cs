namespace PushProxy.Analysis.Tests.Chromium;

/// <summary>The tests that ask Chromium share one, and take turns.</summary>
[CollectionDefinition(nameof(Browser))]
public class SharedBrowser : ICollectionFixture<Browser>;
