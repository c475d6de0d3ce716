using BenchmarkDotNet.Running;
using PushProxy.Bench;

BenchmarkSwitcher.FromAssembly(typeof(PageViewBenchmark).Assembly).Run(args, new BenchConfig());
