namespace PushProxy.Model;

/// <summary>A header field that is kept.</summary>
internal readonly record struct SavedField(string Name, string Value);
