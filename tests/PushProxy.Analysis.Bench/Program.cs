using BenchmarkDotNet.Running;
using PushProxy.Analysis.Bench;

// dotnet run -c Release --project tests/PushProxy.Analysis.Bench -- --filter '*'
BenchmarkSwitcher.FromAssembly(typeof(WholePageBenchmark).Assembly).Run(args);
