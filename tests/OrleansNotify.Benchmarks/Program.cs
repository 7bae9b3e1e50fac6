using OrleansNotify.Benchmarks;

return await BenchmarkCommands.Run(args);
