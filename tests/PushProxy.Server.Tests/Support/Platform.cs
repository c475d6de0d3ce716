using System.Runtime.Versioning;

// The tests signal processes and look at file modes.
[assembly: UnsupportedOSPlatform("windows")]
